import { hash } from 'node:crypto';
import type { OpenedRecord } from '../../ledger/index.ts';
import { commitmentOf } from '../../ledger/index.ts';
import type { VerbResult } from '../verb.ts';

/** What a command shows of one entry: where it stands, the commitment that its receipt names, and the entry. */
export function shownOf(opened: OpenedRecord): { readonly sequence: number; readonly log: string; readonly index: number; readonly hash: string; readonly entry: unknown } {
  const { sequence, log, index, entry } = opened;
  return { sequence, log, index, hash: hashOf(opened), entry };
}

export function verbResultOf(opened: OpenedRecord): VerbResult {
  const shown = shownOf(opened);
  return {
    text: `sequence    ${shown.sequence}\nlog         ${shown.log}, index ${shown.index}\ncommitment  ${shown.hash}\n${JSON.stringify(shown.entry, null, 2)}`,
    json: shown,
  };
}

/** Hexadecimal: of an owner's entry its commitment, of the anchor log the leaf hash, as receipts have them. */
function hashOf({ seed, fields, entry }: OpenedRecord): string {
  return seed === null ? hash('sha256', Buffer.concat([Buffer.of(0), Buffer.from(JSON.stringify(entry))]), 'hex') : Buffer.from(commitmentOf(fields, seed), 'latin1').toString('hex');
}
