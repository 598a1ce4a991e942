import type { ArchiveSession } from '../archive/types.ts';
import { labelOfKey } from './labels.ts';
import { rowsStatement } from './statement.ts';
import type { Condition, Names } from './types.ts';

/** One request behind a figure. */
export interface RowBehind {
  readonly owner: string;
  /** Leaf index in the owner's log, or line of an imported log. */
  readonly index: number;
  /** `WA#123`. */
  readonly place: string;
  /** RFC 3339, UTC. */
  readonly at: string;
  readonly agency: string;
  readonly agencyName: string;
  readonly purpose: string;
  readonly status: string;
  readonly statusWords: string;
  /** How it ended, where it was held; `none` where it was not. */
  readonly verdict: string;
  /** At once, or with the verdict. */
  readonly released: readonly string[];
  readonly rules: readonly string[];
  readonly policyVersion: number | null;
  readonly records: number;
  /** Opens the leaf; null where the data set is not the ledger's own, so that there is none. */
  readonly open: string | null;
}

/** The requests behind a figure, newest first, at most `limit`. */
export async function rowsBehind(session: ArchiveSession, where: readonly Condition[], limit: number, names: Names): Promise<readonly RowBehind[]> {
  const { ctes, from, where: met, parameters } = rowsStatement(where);
  const found = await session.query<Found>(
    `with ${[...ctes, `found as (select e.owner, e."index", e."at", e.who, e.context, e.outcome, e.records from ${from} where ${met} order by e."at" desc, e.owner, e."index" desc limit ${Math.max(0, Math.floor(limit))})`].join(',\n ')}
     select f.owner, f."index", f."at", f.records, r.ori, c.purpose, o.status, o.verdict, o.released, o.rules, o."policyVersion"
     from found f left join requesters r on r.owner = f.owner and r.id = f.who left join contexts c on c.owner = f.owner and c.id = f.context left join finals o on o.owner = f.owner and o.id = f.outcome
     order by f."at" desc, f.owner, f."index" desc`, parameters,
  );
  return found.map(({ owner, index, at, records, ori, purpose, status, verdict, released, rules, policyVersion }) => ({
    owner, index, place: `${owner}#${index}`, at: new Date(at).toISOString(), agency: ori ?? 'notRecorded', agencyName: ori === null ? 'not recorded' : (names.agency(ori) ?? ori), purpose: purpose ?? 'notRecorded',
    status: status ?? 'notRecorded', statusWords: labelOfKey('status', status ?? 'notRecorded', names, owner), verdict: verdict ?? 'notRecorded', released: released ?? [], rules: rules ?? [], policyVersion, records,
    open: session.dataset.kind === 'ledger' ? `weir ledger open --owner ${owner} --for owner --index ${index} --out ${owner.toLowerCase()}-${index}.json` : null,
  }));
}

interface Found {
  readonly owner: string;
  readonly index: number;
  readonly at: number;
  readonly records: number;
  readonly ori: string | null;
  readonly purpose: string | null;
  readonly status: string | null;
  readonly verdict: string | null;
  readonly released: readonly string[] | null;
  readonly rules: readonly string[] | null;
  readonly policyVersion: number | null;
}
