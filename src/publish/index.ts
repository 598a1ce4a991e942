export { canonicalJson, sha256 } from './canonical.ts';
export { cellsOf, monthsOf, positionOf, type Position } from './positions.ts';
export * from './types.ts';
