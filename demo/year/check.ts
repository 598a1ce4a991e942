import { openSession } from '../../src/insight/archive/session.ts';
import type { ArchiveSession } from '../../src/insight/archive/types.ts';
import { YearError } from './errors.ts';
import { findYear, generator, labelOf } from './place.ts';
import { planYear, type OwnerTotals, type YearOptions } from './plan.ts';

type Counted = Pick<OwnerTotals, 'total' | 'ero' | 'hsi' | 'cbp' | 'federal' | 'local'>;

/** What is in an invented year, counted in its files, beside what its plan promises. */
export interface YearCheck {
  readonly name: string;
  readonly label: string;
  readonly options: YearOptions;
  readonly owners: readonly { readonly owner: string; readonly promised: Counted; readonly counted: Counted; readonly rollup: number }[];
  readonly promised: Counted;
  readonly counted: Counted;
  /** Sentences: what is not as it should be. Empty where all is well. */
  readonly findings: readonly string[];
}

/** Counts the rows of an invented year in its Parquet files, by owner and by who asked, and holds them against the plan; and what was held against its reviews. Throws `YEAR_NONE`, or an `ArchiveError`. */
export async function checkYear(archive: string, name: string, progress: (done: number, total: number) => void = () => undefined): Promise<YearCheck> {
  const found = await findYear(archive, name);
  if (found === null) throw new YearError('YEAR_NONE', `there is no invented year \`${name}\``, 'Write one: weir demo year --scale 1000');
  const { scale, ending, seed, agencies } = found.file;
  const plan = planYear({ scale, ending, seed, agencies });
  const period = { from: plan.months[0] ?? 0, to: plan.months.at(-1) ?? 0, text: ending };
  const session = await openSession({ folder: found.folder, owners: 'all', period });
  try {
    const findings: string[] = [];
    const owners: YearCheck['owners'][number][] = [];
    const there = plan.owners.filter(({ owner }) => session.owners.includes(owner));
    for (const [place, promised] of there.entries()) {
      const { owner } = promised;
      const counted = await countRows(session, owner);
      const [line] = await session.query<{ n: number }>('select coalesce(sum(n), 0)::bigint as n from rollup where type = \'decision\' and owner = ?', [owner]);
      const rollup = line?.n ?? 0;
      for (const word of words) if (counted[word] !== promised[word]) findings.push(`${owner}: ${counted[word].toLocaleString('en-US')} ${names[word]}, where ${promised[word].toLocaleString('en-US')} were promised`);
      if (rollup !== counted.total) findings.push(`${owner}: the rollup counts ${rollup.toLocaleString('en-US')}, the rows ${counted.total.toLocaleString('en-US')}`);
      if (found.file.generator === generator) findings.push(...await reviewsAmiss(session, owner));
      owners.push({ owner, promised: only(promised), counted, rollup });
      progress(place + 1, there.length);
    }
    if (session.dataset.kind !== 'invented' || session.dataset.label !== labelOf(plan)) findings.push('the data set is not labelled as this invented year');
    return { name, label: session.dataset.label, options: { scale, ending, seed, agencies }, owners, promised: sum(owners.map((one) => one.promised)), counted: sum(owners.map((one) => one.counted)), findings };
  } finally {
    await session.close();
  }
}

const words = ['total', 'ero', 'hsi', 'cbp', 'federal', 'local'] as const;
const names: Readonly<Record<(typeof words)[number], string>> = {
  total: 'queries', ero: 'queries of ICE without HSI', hsi: 'queries of HSI', cbp: 'queries of CBP', federal: 'queries of other federal agencies', local: 'queries of all others',
};

/** From the rows themselves, by the attributes that the registry gave those who asked. */
async function countRows(session: ArchiveSession, owner: string): Promise<Counted> {
  const [line] = await session.query<Record<(typeof words)[number], number | null>>(`
    with asked as (select who, count(*) as n from rows where owner = ? and type = 'decision' group by who),
    known as (
      select asked.n, case when list_contains(a.component, 'HSI') then 'hsi' when list_contains(a.component, 'ICE') then 'ero' when list_contains(a.component, 'CBP') then 'cbp'
        when a."level" = 'federal' then 'federal' else 'local' end as part
      from asked join requesters q on q.owner = ? and q.id = asked.who join attributes a on a.owner = ? and a.id = q.attributes)
    select sum(n)::bigint as total, ${words.slice(1).map((word) => `(sum(n) filter (part = '${word}'))::bigint as ${word}`).join(', ')} from known`, [owner, owner, owner]);
  return Object.fromEntries(words.map((word) => [word, line?.[word] ?? 0])) as Record<(typeof words)[number], number>;
}

/** Each request that was held waits or has ended, and none waits whose time was over within the year: the clock may take a second. */
async function reviewsAmiss(session: ArchiveSession, owner: string): Promise<readonly string[]> {
  const [line] = await session.query<{ held: number; noted: number; verdicts: number; ended: number; late: number }>(`
    select (select coalesce(sum(t.n), 0)::bigint from rollup t join outcomes o on o.owner = t.owner and o.id = t.outcome where t.owner = $1 and t.type = 'decision' and o.held) as held,
      (select coalesce(sum(n), 0)::bigint from rollup where owner = $1 and type = 'verdict') as verdicts, count(*) as noted, count("ended") as ended,
      count(*) filter ("ended" is null and deadline < $2::timestamp) as late from reviews where owner = $1`, [owner, new Date(session.period.to - 1_000).toISOString().slice(0, 19)]);
  const { held = 0, noted = 0, verdicts = 0, ended = 0, late = 0 } = line ?? {};
  const many = (n: number): string => n.toLocaleString('en-US');
  return [
    ...(held === noted ? [] : [`${owner}: ${many(held)} requests were held, and ${many(noted)} are among the reviews`]),
    ...(verdicts === ended ? [] : [`${owner}: there are ${many(verdicts)} verdicts, and ${many(ended)} reviews have one`]),
    ...(late === 0 ? [] : [`${owner}: ${many(late)} held requests have no verdict though their time is over`]),
  ];
}

function only({ total, ero, hsi, cbp, federal, local }: Counted): Counted {
  return { total, ero, hsi, cbp, federal, local };
}

function sum(parts: readonly Counted[]): Counted {
  return Object.fromEntries(words.map((word) => [word, parts.reduce((all, part) => all + part[word], 0)])) as Record<(typeof words)[number], number>;
}
