import type { AddVerb } from '../verb.ts';
import { addActivate } from './activate.ts';
import { addAsk } from './ask.ts';
import { addCheck } from './check.ts';
import { addCompiled } from './compiled.ts';
import { addDiff } from './diff.ts';
import { addExplain } from './explain.ts';
import { addExport } from './export.ts';
import { addLimits } from './limits.ts';
import { addList } from './list.ts';
import { addRead } from './read.ts';
import { addSchema } from './schema.ts';
import { addShow } from './show.ts';
import { addTable } from './table.ts';
import { addTemplate } from './template.ts';

/** `weir policy`: what an owner releases, to whom and when. */
export const addPolicy: AddVerb = (parent) => {
  const noun = parent.command('policy').description('what an owner releases, to whom and when');
  for (const add of [addCheck, addShow, addList, addActivate, addAsk, addTable, addDiff, addExplain, addLimits, addRead, addCompiled, addExport, addSchema, addTemplate]) add(noun);
};
