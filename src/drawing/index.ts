export { drawChart, twinOf } from './charts/index.ts';
export type * from './charts/types.ts';
export { figureHtml } from './figure.ts';
export { Html, html } from './html.ts';
export { inkStyle, type Ink } from './inks.ts';
export type { Mark, Scene } from './scene.ts';
export { sheetStyle } from './sheet.ts';
export { svg } from './svg.ts';
export { twinHtml, twinMarkdown, twinText, type Cell, type Twin } from './twin.ts';
