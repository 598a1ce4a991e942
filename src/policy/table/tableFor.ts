import type { PolicyDocument } from '../document.ts';
import { compileTable, type CompileOptions } from './compile.ts';
import { loadTable } from './table.ts';
import type { PolicyTable } from './types.ts';

/** Compiles and loads: the table of a document that nothing keeps, such as a draft. */
export function tableFor(document: PolicyDocument, options: CompileOptions): PolicyTable {
  return loadTable(compileTable(document, options));
}
