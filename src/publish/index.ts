export { buildSite, readIndex, type Built } from './build.ts';
export { canonicalJson, sha256 } from './canonical.ts';
export { checkSite, type SiteCheck } from './check.ts';
export { cellsOf, monthsOf, positionOf, type Position } from './positions.ts';
export { readAggregate, readApproval, sameOffice } from './readAggregate.ts';
export { cellWords, spanWords, tableTitles } from './site/words.ts';
export { releaseFiles } from './site/files.ts';
export * from './types.ts';
