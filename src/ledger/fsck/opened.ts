import { commitmentOf, fieldHash, saltsOf } from '../../verify/commitment.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { openRecord } from '../entry/open.ts';
import { anchorLog, leafData } from '../record.ts';
import type { DayKeys, StoredRecord } from '../types.ts';

/** `erased` where the day's key was destroyed. */
export type Reopened = 'good' | 'erased' | { readonly wrong: string };

/** Opens a record and computes its commitment from its fields, by the verifier's code. */
export async function reopen(stored: StoredRecord, days: DayKeys): Promise<Reopened> {
  try {
    const opened = await openRecord(stored, days);
    if (opened === null) return 'erased';
    if (opened.seed === null) return stored.log === anchorLog ? 'good' : { wrong: 'it is not sealed' };
    const salts = await saltsOf(nodeCrypto, opened.seed, opened.fields.length);
    const hashes = await Promise.all(opened.fields.map(async ({ name, text }, place) => ({ name, hash: await fieldHash(nodeCrypto, salts[place] ?? '', name, text) })));
    if (!leafData(stored.record).equals(await commitmentOf(nodeCrypto, hashes))) return { wrong: 'its fields do not make its commitment' };
    if ('owner' in opened.entry && opened.entry.owner.toLowerCase() !== stored.log) return { wrong: `it is an entry of ${opened.entry.owner}` };
    return 'good';
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
}
