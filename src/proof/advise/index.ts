export { adviseDeeply, type DeepAdvice } from './adviseDeeply.ts';
