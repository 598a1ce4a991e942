import { allDataClasses, allPurposes, answerStatuses, namesOf } from '../../vocabulary/index.ts';
import type { ArchiveSession, Lack } from '../archive/types.ts';
import { partyWords } from '../parties.ts';
import type { TableId } from '../../publish/index.ts';
import type { TruthTable } from './truth.ts';

interface Line {
  readonly month: string;
  readonly party: string;
  readonly word: string;
  readonly n: number;
}

const parties = Object.keys(partyWords);

/** Why a table cannot be given at all, by what the data set lacks. */
export const missingWhy: Partial<Readonly<Record<TableId, { readonly lack: Lack; readonly why: string }>>> = {
  purposes: { lack: 'purpose', why: 'the log does not say why requests were made' },
  holds: { lack: 'decisions', why: 'the log does not say what was held' },
};

/**
 * Counts the requests of one owner over the months of the session, by who asked. Only decisions are requests: answers sent again and openings are not.
 * `before`: only entries with a smaller index, which is what an earlier release could count.
 */
export async function countTables(session: ArchiveSession, owner: string, months: readonly string[], before: number | null = null): Promise<readonly TruthTable[]> {
  const { lacks } = session.dataset;
  const source = before === null
    ? 'select month, who, context, outcome, n from rollup where owner = $1 and type = \'decision\''
    : 'select cast(date_trunc(\'month\', "at") as date) as month, who, context, outcome, 1 as n from rows where owner = $1 and type = \'decision\' and "index" < $2';
  const parameters = before === null ? [owner] : [owner, before];
  const count = (word: string, where = 'true'): Promise<readonly Line[]> => session.query<Line>(`
    with requests as (${source}),
    words as (
      select strftime(r.month, '%Y-%m') as month, coalesce(a.party, 'undeclared') as party, ${word} as word, r.n
      from requests r
      left join requesters q on q.owner = $1 and q.id = r.who
      left join attributes a on a.owner = $1 and a.id = q.attributes
      left join contexts c on c.owner = $1 and c.id = r.context
      left join outcomes o on o.owner = $1 and o.id = r.outcome
      where ${where}
    )
    select month, party, word, cast(sum(n) as bigint) as n from words group by month, party, word`, parameters);
  const table = (id: TableId, columns: readonly string[], lines: readonly Line[]): readonly TruthTable[] => months.map((span) => ({
    id, span, groups: parties, columns: id === 'holds' ? [] : columns,
    counts: parties.map((party) => columns.map((column) => lines.find((line) => line.month === span && line.party === party && line.word === column)?.n ?? 0)),
  }));
  const statuses = namesOf(answerStatuses);
  const known = !lacks.includes('status');
  return [
    ...table('requests', known ? statuses : ['all'], await count(known ? 'o.status' : '\'all\'')).map((one) => (known ? one : { ...one, columns: [] })),
    ...(lacks.includes('purpose') ? [] : table('purposes', allPurposes, await count('c.purpose'))),
    ...table('released', allDataClasses, await count('unnest(o.released)')),
    ...(lacks.includes('decisions') || !known ? [] : table('holds', ['held'], await count('\'held\'', 'o.status = \'held\' or (o.status = \'answeredInPart\' and o.held)'))),
  ];
}
