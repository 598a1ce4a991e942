import { allDataClasses, type DataClass } from '../../../vocabulary/index.ts';
import type { ArchiveSession } from '../../archive/types.ts';
import { periodText } from '../../period.ts';
import type { StatTable } from '../../statistics/types.ts';
import type { Reviews } from '../input.ts';

interface Times {
  readonly n: number;
  readonly median: number | null;
  readonly most: number | null;
  readonly given: number;
}

/** How held requests of the period ended, whenever that was. `ends` is by verdict and who decided. Null where none was held, or where the data set does not know how they ended. */
export async function gatherReviews(session: ArchiveSession, owner: string, ends: StatTable): Promise<Reviews | null> {
  const [known] = await session.query<{ n: number }>('select count(*) as n from reviews');
  if (ends.total.n === 0 || (known?.n ?? 0) === 0) return null;
  // What came late and had not been given at once: a late answer names again of whom it is.
  const late = `late as (select v."index", list_filter(v.late, lambda one: not list_contains(o.released, one)) as classes from reviews v join outcomes o on o.owner = v.owner and o.id = v.outcome where v."ended" is not null)`;
  const [times] = await session.query<Times>(`with ${late} select count(*) filter ("decidedBy" = 'person') as n, quantile_disc("reviewMs", 0.5) filter ("decidedBy" = 'person') as median,
    quantile_disc("reviewMs", 0.95) filter ("decidedBy" = 'person') as most, (select count(*) from late where len(classes) > 0) as given from reviews`);
  const classes = await session.query<{ word: string; n: number }>(`with ${late} select word, count(*) as n from (select unnest(classes) as word from late) group by 1`);
  const { dataset, period } = session;
  return {
    ends, byPeople: times?.n ?? 0, medianMs: times?.median ?? null, mostMs: times?.most ?? null, given: times?.given ?? 0,
    late: allDataClasses.flatMap((dataClass): { dataClass: DataClass; n: number }[] => { const n = classes.find(({ word }) => word === dataClass)?.n ?? 0; return n === 0 ? [] : [{ dataClass, n }]; }),
    command: `weir brief ${owner} --rows reviews --period ${periodText(period)}${dataset.kind === 'ledger' ? '' : ` --log ${dataset.name}`}`,
  };
}
