import type { AddVerb } from '../verb.ts';
import { addImportForget } from './forget.ts';
import { addImportList } from './list.ts';
import { addImportLog } from './log.ts';
import { addImportSchema } from './schema.ts';
import { addImportSketch } from './sketch.ts';

/** `weir import …`: logs of other systems. */
export const addImport: AddVerb = (parent) => {
  const noun = parent.command('import').description('bring in logs of other systems, so that a state can be briefed on what it already has');
  for (const add of [addImportLog, addImportSketch, addImportSchema, addImportList, addImportForget]) add(noun);
};
