import type { AddVerb } from '../verb.ts';
import { addCheck } from './check.ts';
import { addFollow } from './follow.ts';
import { addList } from './list.ts';
import { addRebuild } from './rebuild.ts';
import { addSql } from './sql.ts';
import { addStatus } from './status.ts';

/** `weir archive …`: the entries of all logs in columns, for whoever counts. */
export const addArchive: AddVerb = (parent) => {
  const archive = parent.command('archive').description('the archive: entries of logs in columns (Parquet), for statistics, briefings and backtests');
  for (const add of [addList, addStatus, addFollow, addRebuild, addCheck, addSql]) add(archive);
};
