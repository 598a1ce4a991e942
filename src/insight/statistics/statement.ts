import { endedCtes, sources } from './ended.ts';
import { dimensionFacts, none, notRecorded, organisationSql, type DimensionFacts, type DimensionHome } from './dimensions.ts';
import type { Condition, Dimension, StatQuery } from './types.ts';

/** A statement with its parameters. Texts of users are parameters, everything else comes from closed lists. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly string[];
}

/**
 * The statement of a table over a session's views: columns `part`, `k0`, `k1`, `n`, `records`. Part 0 has the lines, part 1 the total of all entries that the conditions
 * let through, each counted once, held ones with their verdicts (`ended.ts`). It reads the rollup wherever the dimensions allow, and where no month is asked for the quicker totals.
 */
export function tableStatement(query: Pick<StatQuery, 'by' | 'where'>, owners: number): Statement {
  const parts = new Parts(query.where);
  const fromRows = usesRows(query);
  const by = query.by.map(({ dimension, depth }, place) => ({ ...dimensionFacts[dimension], dimension, place, sql: keySql(dimension, depth, fromRows) }));
  const dictionaries = homes.flatMap((home) => parts.dictionary(home, by.filter((one) => one.home === home)));
  const own = by.filter(({ home }) => home === 'entry');
  const joined = dictionaries.map(({ home, join }) => ({ home, join }));
  const grouping = [...own.map(({ place }) => `k${place}`), ...joined.filter(({ home }) => by.some((one) => one.home === home)).map(({ home }) => `g_${home}`), ...(needsOwner(by, owners) ? ['own'] : [])];
  const measures = fromRows ? 'cast(count(*) as bigint) as n, cast(coalesce(sum(e.records), 0) as bigint) as records' : 'cast(coalesce(sum(e.n), 0) as bigint) as n, cast(coalesce(sum(e.records), 0) as bigint) as records';
  const conditions = [`e.type = 'decision'`, ...parts.entryConditions(fromRows), ...joined.flatMap(({ home }) => parts.condition(home))];
  const base = `select ${[...own.map(({ sql, place, grouped }) => `${grouped === undefined ? sql : onRows(grouped.sql, fromRows)} as k${place}`), ...joined.filter(({ home }) => grouping.includes(`g_${home}`)).map(({ home }) => `${home}_m.g as g_${home}`), ...(needsOwner(by, owners) ? ['e.owner as own'] : []), measures].join(', ')}
    from ${sources[fromRows ? 'rows' : usesMonth(query) ? 'rollup' : 'totals']} e ${joined.map(({ join }) => join).join(' ')} where ${conditions.join(' and ')}${grouping.length === 0 ? '' : ` group by ${grouping.join(', ')}${fromRows ? '' : ' having sum(e.n) > 0'}`}`;
  // Each list is opened in a step of its own: two in one step would be laid side by side, not crossed.
  const keyed = `select ${[...by.map(({ place, home, grouped }) => (home !== 'entry' ? `${home}_v.k${place}` : grouped === undefined ? `b.k${place}` : `${grouped.text.replace('$', `b.k${place}`)} as k${place}`)), ...(needsOwner(by, owners) ? ['b.own'] : []), 'b.n', 'b.records'].join(', ')}
    from base b ${dictionaries.filter(({ home }) => grouping.includes(`g_${home}`)).map(({ home }) => `left join ${home}_v on ${home}_v.g is not distinct from b.g_${home}`).join(' ')}`;
  const opened = by.reduce((inner, { place, list }) => (list ? `select * replace (unnest(coalesce(k${place}, ['${notRecorded}'])) as k${place}) from (${inner})` : inner), keyed);
  const key = (place: number): string => {
    const one = by[place];
    if (one === undefined) return 'cast(null as varchar)';
    const text = `coalesce(k${place}, '${one.dimension === 'policyVersion' ? none : notRecorded}')`;
    return ownerInKey(one.dimension, owners) ? `own || ' ' || ${text}` : text;
  };
  return {
    sql: `with ${[...endedCtes, ...dictionaries.flatMap(({ ctes }) => ctes), `base as materialized (${base})`].join(',\n  ')}
  select 0 as part, ${key(0)} as k0, ${key(1)} as k1, cast(sum(n) as bigint) as n, cast(sum(records) as bigint) as records from (${opened}) group by 1, 2, 3
  union all select 1, null, null, cast(coalesce(sum(n), 0) as bigint), cast(coalesce(sum(records), 0) as bigint) from base`,
    parameters: parts.parameters,
  };
}

/**
 * The conditions of a query over the entries themselves, for whoever wants them: tables that go before the statement (`with …`), what it reads (`from`: the columns of `rows` as `e`, where `outcome` and
 * `records` are those that a request has with its verdict, `atOnce` is the outcome without it, and `final` and `reviewSeconds` are null where it has none; outcomes are the table `finals`), and what stands behind `where`. Requests only. `parameters` begin at `$1`.
 */
export function rowsStatement(where: readonly Condition[]): { readonly ctes: readonly string[]; readonly from: string; readonly where: string; readonly parameters: readonly string[] } {
  const parts = new Parts(where);
  const dictionaries = homes.flatMap((home) => parts.dictionary(home, []));
  const conditions = [`e.type = 'decision'`, ...parts.entryConditions(true), ...dictionaries.flatMap(({ home }) => parts.condition(home))];
  return { ctes: [...endedCtes, ...dictionaries.flatMap(({ ctes }) => ctes)], from: `${sources.rows} e ${dictionaries.map(({ join }) => join).join(' ')}`, where: conditions.join(' and '), parameters: parts.parameters };
}

/** Whether a query needs the time of single entries. */
export function usesRows({ by, where }: Pick<StatQuery, 'by' | 'where'>): boolean {
  return [...by, ...where].some(({ dimension }) => dimensionFacts[dimension].needsRows);
}

function usesMonth({ by, where }: Pick<StatQuery, 'by' | 'where'>): boolean {
  return [...by, ...where].some(({ dimension }) => dimension === 'month');
}

/** Rules and versions are an owner's own: over several owners their keys name the owner. */
export function ownerInKey(dimension: Dimension, owners: number): boolean {
  return owners > 1 && (dimension === 'rule' || dimension === 'policyVersion');
}

type Home = Exclude<DimensionHome, 'entry'>;
const homes: readonly Home[] = ['who', 'context', 'outcome'];
const tables: Readonly<Record<Home, string>> = {
  who: 'requesters r left join attributes a on a.owner = r.owner and a.id = r.attributes', context: 'contexts d', outcome: 'finals d',
};

interface Key extends DimensionFacts {
  readonly dimension: Dimension;
  readonly place: number;
}

interface Dictionary {
  readonly home: Home;
  readonly ctes: readonly string[];
  readonly join: string;
}

/** Gathers parameters in the order in which they are numbered. */
class Parts {
  readonly parameters: string[] = [];
  readonly #where: readonly Condition[];

  constructor(where: readonly Condition[]) {
    this.#where = where;
  }

  /** One dictionary, where it is needed at all: of each number its group `g` of equal keys, and whether the conditions on it hold (`ok`). */
  dictionary(home: Home, keys: readonly Key[]): readonly Dictionary[] {
    const conditions = this.#of(home);
    if (keys.length === 0 && conditions.length === 0) return [];
    const id = home === 'who' ? 'r' : 'd';
    const values = keys.map(({ sql, list, place }) => `${list ? `case when len(${sql}) = 0 then ['${none}'] else ${sql} end` : sql} as k${place}`);
    const names = keys.map(({ place }) => `k${place}`);
    const ok = conditions.length === 0 ? 'true' : conditions.map((one) => this.#sql(one, dimensionFacts[one.dimension].sql)).join(' and ');
    const group = names.length === 0 ? '0' : `dense_rank() over (order by ${names.join(', ')})`;
    return [{
      home,
      ctes: [
        `${home}_m as materialized (select owner, id, ok, ${[...names, `${group} as g`].join(', ')} from (select ${[`${id}.owner`, `${id}.id`, `${ok} as ok`, ...values].join(', ')} from ${tables[home]}))`,
        ...(names.length === 0 ? [] : [`${home}_v as (select distinct ${names.join(', ')}, g from ${home}_m)`]),
      ],
      join: `left join ${home}_m on ${home}_m.owner = e.owner and ${home}_m.id = e.${home}`,
    }];
  }

  /** An entry that names no such word meets the conditions only where all are negative, or ask for just that. */
  condition(home: Home): readonly string[] {
    const conditions = this.#of(home);
    if (conditions.length === 0) return [];
    const absent = conditions.every(({ words, not }) => words.includes(notRecorded) !== not);
    return [`coalesce(${home}_m.ok, ${String(absent)})`];
  }

  entryConditions(fromRows: boolean): readonly string[] {
    return this.#of('entry').map((one) => this.#sql(one, keySql(one.dimension, undefined, fromRows)));
  }

  #of(home: DimensionHome): readonly Condition[] {
    return this.#where.filter(({ dimension }) => dimensionFacts[dimension].home === home);
  }

  #sql({ dimension, words, not }: Condition, sql: string): string {
    const { list } = dimensionFacts[dimension];
    const marks = words.filter((word) => word !== notRecorded).map((word) => `$${this.parameters.push(word)}`);
    const ways = [
      ...(marks.length === 0 ? [] : list ? [`list_has_any(${sql}, [${marks.join(', ')}])`] : [`${sql} in (${marks.join(', ')})`]),
      ...(dimension === 'organisation' ? marks.map((mark) => `starts_with(${sql}, ${mark} || '/')`) : []),
      // An empty list stands in the line `none`, and so does an entry that no policy decided.
      ...(list && words.includes(none) ? [`len(${sql}) = 0`] : []),
      ...(dimension === 'policyVersion' && words.includes(none) ? [`${sql} is null`] : []),
      ...(words.includes(notRecorded) ? [`${sql} is null`] : []),
    ];
    const met = `coalesce(${ways.length === 0 ? 'false' : `(${ways.join(' or ')})`}, false)`;
    return not ? `not ${met}` : met;
  }
}

function keySql(dimension: Dimension, depth: number | undefined, fromRows: boolean): string {
  return dimension === 'organisation' ? organisationSql(depth) : onRows(dimensionFacts[dimension].sql, fromRows);
}

/** A row has its moment, and a line of the rollup its month. */
function onRows(sql: string, fromRows: boolean): string {
  return fromRows ? sql.replace('e."month"', 'e."at"') : sql;
}

function needsOwner(by: readonly { readonly dimension: Dimension }[], owners: number): boolean {
  return by.some(({ dimension }) => ownerInKey(dimension, owners));
}
