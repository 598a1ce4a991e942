export { adviseDeeply, allFindings, type DeepAdvice } from './adviseDeeply.ts';
