export type { ScanDifference, ScanResult } from './fullScan.ts';
export { backtest, type BacktestAnswer, type BacktestQuestion, type NamedPolicy } from './run.ts';
export type * from './types.ts';
