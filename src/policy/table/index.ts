export { compileTable, type CompileOptions } from './compile.ts';
export * from './planes.ts';
export { TableError, vocabularyHash, type TableErrorCode } from './source.ts';
export { allContexts, boxOf, type Box } from './space.ts';
export { instantIn } from './stretch.ts';
export { loadTable } from './table.ts';
export { tableFor } from './tableFor.ts';
export type * from './types.ts';
export { isTableOf } from './verify.ts';
