import { join } from 'node:path';
import { JournalError } from '../../../exchange/index.ts';
import type { KeyEvent } from '../../../ledger/keys/index.ts';
import { takeLock } from '../../../ledger/lock.ts';
import type { Entry, SystemEntry } from '../../../model/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../../verb.ts';
import { withRecorder } from '../record.ts';
import { noteNameOf, withKeys } from './open.ts';

interface Options extends CommonOptions {
  readonly master?: boolean;
}

/** Gives `work` what records entries, and lets the ledger go before it resolves. */
export type WithRecorder = <T>(options: CommonOptions, work: (recorder: { append(entries: readonly Entry[]): Promise<unknown> }) => Promise<T>) => Promise<T>;

/** `weir ledger keys rotate NAME`. */
export const addKeysRotate: AddVerb = (parent) => {
  parent.command('rotate')
    .description('make a new key, record it in the anchor log, and destroy the old one')
    .argument('<name>', 'a log, such as wa or anchor, or receipts; with --master an owner, such as WA')
    .option('--master', 'the key of an owner under which its day keys are kept')
    .addHelpText('after', '\nThe exchange must be stopped. The old verifier key is kept, so that old checkpoints can be verified; whoever has a trust policy needs the new one.\n\nExamples:\n  weir ledger keys rotate wa\n  weir ledger keys rotate receipts\n  weir ledger keys rotate WA --master')
    .action(verb((options: Options, name: string) => rotate(options, name, withRecorder)));
};

/**
 * Begins the rotation, records it, and finishes it: the entry is durable before the old key is gone, so a run that ends in between is continued by the
 * next one, with the same new key. A `VerbError` where the name is none, or while an exchange runs.
 */
export async function rotate(options: Options, name: string, recording: WithRecorder): Promise<VerbResult> {
  const master = options.master === true;
  if (!(master ? /^(?:[A-Z0-9]{2}|exchange)$/ : /^(?:[a-z0-9]{2}|anchor|receipts)$/).test(name)) {
    throw new VerbError(exitCodes.usage, master ? 'an owner is named by two capitals, such as WA' : 'a signing key is named by its log, such as wa, or anchor, or receipts', 'weir ledger keys list names them.');
  }
  return withKeys(options, async ({ places, prefix, keys, list }) => {
    if (!(master ? name === 'exchange' || list.owners.some(({ owner }) => owner === name) : list.signers.some((one) => one.name === name) || keys.custodial)) {
      throw new VerbError(exitCodes.finding, `there is no key ${name}`, 'weir ledger keys list names them.');
    }
    await alone(places.journal, () => Promise.resolve());
    const recorded = (events: readonly Pick<SystemEntry, 'event' | 'subject' | 'hash' | 'detail'>[]): Promise<unknown> => recording(options, (recorder) => recorder.append(events.map(entryOf)));
    if (master) {
      await recorded([{ event: 'keyAdded', subject: `${name} master`, hash: null, detail: null }, { event: 'keyRetired', subject: `${name} master`, hash: null, detail: null }]);
      const wrapped = await alone(places.journal, () => keys.rotateMaster(name));
      return { text: `${name} has a new master key; ${wrapped} day keys are kept under it, and the old one is destroyed.`, json: { name, master: true, wrapped } };
    }
    const rotation = await keys.beginRotation(name, noteNameOf(prefix, name), name === 'receipts' ? undefined : join(places.ledger, 'log', name));
    await recorded(rotation.events);
    await alone(places.journal, () => rotation.finish());
    const [added, retired] = [vkeyIn(rotation.events, 'keyAdded'), vkeyIn(rotation.events, 'keyRetired')];
    return { text: `new      ${added}\nretired  ${retired}\nGive the new trust policy to all who verify: weir ledger keys policy`, json: { name, master: false, added, retired } };
  });
}

/** Runs `work` while no exchange has the ledger. */
async function alone<T>(journal: string, work: () => Promise<T>): Promise<T> {
  const lock = await takeLock(journal).catch((error: unknown) => {
    if (!(error instanceof JournalError)) throw error;
    throw new VerbError(exitCodes.environment, `a key cannot be changed while an exchange uses it: ${error.message}`, 'Stop the exchange, then try again.', { cause: error });
  });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

function entryOf({ event, subject, hash, detail }: Pick<SystemEntry, 'event' | 'subject' | 'hash' | 'detail'>): SystemEntry {
  const now = new Date();
  return { type: 'system', v: 1, id: `${event}-${now.getTime()}-${(hash ?? subject).slice(0, 8)}`, at: now.toISOString(), event, subject, hash, detail };
}

function vkeyIn(events: readonly KeyEvent[], what: KeyEvent['event']): string {
  return events.find(({ event }) => event === what)?.detail.vkey ?? '';
}
