import type { Entry } from '../../model/index.ts';
import { blinder, tagsOf } from './blind.ts';
import type { EpochIndex } from './epochFile.ts';
import { makeEpoch } from './epochFile.ts';
import { Pairs } from './pairs.ts';

/** What is wrong with the index of a day. `leftOut`: an entry does not stand under a tag of its own. `notThere`: a place under a tag whose entry does not have it. */
export type EpochFinding =
  | { readonly kind: 'leftOut' | 'notThere'; readonly index: number }
  | { readonly kind: 'otherRoot'; readonly root: string };

/**
 * Holds the index of a day against entries that were opened, as an auditor does who has the epoch's key. `entries` are all of the day, or a sample of
 * them with `whole: false`: then only those can be found missing. The index is the one that the anchor log names.
 */
export async function checkEpoch(index: EpochIndex, epochKey: Buffer, entries: AsyncIterable<{ readonly index: number; readonly entry: Entry }> | Iterable<{ readonly index: number; readonly entry: Entry }>, { whole }: { readonly whole: boolean }): Promise<readonly EpochFinding[]> {
  const { facts } = index;
  const blind = blinder(epochKey);
  const pairs = new Pairs();
  const findings: EpochFinding[] = [];
  for await (const one of entries) {
    for (const tag of tagsOf(one.entry)) {
      const blinded = blind(tag);
      pairs.add(blinded, one.index - facts.from);
      const text = blinded.toString('hex');
      if (index.find(text)?.indices.includes(one.index) !== true) findings.push({ kind: 'leftOut', index: one.index });
    }
  }
  if (!whole) return findings;
  const { root } = makeEpoch(facts, pairs).facts;
  if (root !== facts.root && findings.length === 0) {
    const real = new Set([...pairs.sorted()].flatMap((one) => one.offsets.map((offset) => `${one.blind.toString('hex')} ${facts.from + offset}`)));
    for (const leaf of index.all()) for (const at of leaf.indices) if (!real.has(`${leaf.blind} ${at}`)) findings.push({ kind: 'notThere', index: at });
  }
  if (root !== facts.root) findings.push({ kind: 'otherRoot', root });
  return findings;
}
