export { arrayTypes } from './arrays.ts';
export { DatabaseError, isDatabaseAway, type DatabaseErrorCode } from './errors.ts';
export { openPool, type PoolOptions } from './pool.ts';
