export type { ScanDifference, ScanResult } from './fullScan.ts';
export { backtestPage, ownersPage, sideBySidePage, type Page } from './page.ts';
export { pageHtml, pageMarkdown, pageText } from './render.ts';
export type { BacktestQuestion, NamedPolicy } from './question.ts';
export { backtest, type BacktestAnswer } from './run.ts';
export type * from './types.ts';
