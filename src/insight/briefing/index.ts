export { briefingHtml, briefingPagePolicy } from './html.ts';
export { makeBriefing, type BriefingOptions } from './makeBriefing.ts';
export { briefingMarkdown } from './markdown.ts';
export { briefingPdf } from './pdf.ts';
export { briefingText, rowsText } from './text.ts';
export type * from './types.ts';
