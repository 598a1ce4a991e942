import { userInfo } from 'node:os';
import { join } from 'node:path';

import { KeyError, keyOwners, openKeys } from '../../ledger/index.ts';
import { noOwner, openActs, type Acts, type NewAct } from '../../people/acts/index.ts';
import { ledgerPlaces, ledgerSettings } from '../../server/compose/ledgerFolder.ts';
import { readSettings } from '../../server/compose/settings.ts';
import type { Sql } from '../../store/index.ts';
import { exitCodes, VerbError } from '../verb.ts';

/** What somebody at the machine is about to read or to hand out. */
export type MachineAct = Omit<NewAct, 'who' | 'role' | 'result'>;

/**
 * Puts on the record what somebody at the machine is about to read or to hand out: each act durable in the database when this resolves, in the log of its owner, and sealed with it the
 * name of the account of the machine. An exchange that runs takes it into the ledger at once, another at its start. What concerns an owner that has no keys here stands in the
 * exchange's own log, with the owner beside it. A `VerbError` where it cannot be recorded: then nothing is shown.
 */
export async function onRecord(sql: Sql, folder: string, acts: readonly MachineAct[]): Promise<void> {
  await withMachineActs(sql, folder, acts.flatMap(({ owner }) => (owner === null ? [] : [owner])), async (record) => {
    for (const act of acts) await record.record({ ...act, who: 'operator' });
  });
}

/** The record of acts of these owners as the command line has it; what is sealed in an act has the name of the account of the machine with it. */
export async function withMachineActs<T>(sql: Sql, folder: string, owners: readonly string[], work: (acts: Acts) => Promise<T>): Promise<T> {
  const places = ledgerPlaces(folder);
  const { keyProgram } = ledgerSettings(await readSettings(join(folder, 'settings.yaml')));
  const there = await keyOwners(places.keys);
  const known = [...new Set([noOwner, ...owners.filter((owner) => there.includes(owner))])];
  const keys = await openKeys(places.keys, known, keyProgram === null ? {} : { command: keyProgram }).catch((error: unknown) => {
    throw error instanceof KeyError ? unrecorded(error) : error;
  });
  try {
    const open = openActs({ sql, sealer: keys, journal: null });
    const here = (act: NewAct): NewAct => {
      const away = act.owner !== null && !known.includes(act.owner) ? { owner: act.owner } : null;
      return { ...act, owner: away === null ? act.owner : null, ...(away === null ? {} : { detail: { ...act.detail, ...away } }), words: { ...act.words, machineAccount: machineAccount() } };
    };
    return await work({ put: (tx, act) => open.put(tx, here(act)), record: (act) => open.record(here(act)).catch((error: unknown) => { throw unrecorded(error); }) });
  } finally {
    await keys.close();
  }
}

function unrecorded(cause: unknown): VerbError {
  return new VerbError(exitCodes.environment, 'this cannot be put on the record, so nothing was done', 'See whether the database and the keys are well with `weir doctor`, then try again.', { cause });
}

/** Who runs the command, as the machine knows it; a number where it has no name. */
function machineAccount(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}
