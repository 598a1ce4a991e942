import { noRota, readRota } from './readRota.ts';
import { json, type Parts } from './parts.ts';
import { HeldError, type Reviewer, type Rota } from './types.ts';

/** The rota of an owner; an empty one where none was set. */
export async function rotaOf({ sql }: Pick<Parts, 'sql'>, owner: string): Promise<Rota> {
  const [row] = await sql<{ rota: Rota }[]>`select rota from held_rota where owner = ${owner}`;
  return row?.rota ?? noRota;
}

/**
 * Replaces the rota as a whole. A reviewer of certain desks may change what is said of those alone, so that nobody puts themselves on another desk; officials, and reviewers of all
 * desks, may change everything. Throws `HELD_FIELD` and `HELD_DESK`; the input is the caller's.
 */
export async function setRota(parts: Parts, owner: string, input: unknown, reviewer: Reviewer): Promise<void> {
  const rota = readRota(input);
  await parts.sql.begin(async (tx) => {
    await tx`select pg_advisory_xact_lock(hashtextextended(${`held rota ${owner}`}, 0))`;
    const [row] = await tx<{ rota: Rota }[]>`select rota from held_rota where owner = ${owner}`;
    const changed = desksChanged(row === undefined ? noRota : readRota(row.rota), rota);
    if (reviewer.role !== 'ownerOfficial' && reviewer.desks.length > 0 && changed.some((desk) => !reviewer.desks.includes(desk))) {
      throw new HeldError('HELD_DESK', 'this changes the rota of a desk that is not yours', 'Leave the rows of other desks as they are, or ask an official of the owner.');
    }
    await tx`insert into held_rota (owner, rota, changed_at) values (${owner}, ${json(tx, rota)}, ${new Date(parts.now())})
      on conflict (owner) do update set rota = excluded.rota, changed_at = excluded.changed_at`;
    await parts.acts.put(tx, { act: 'rotaChanged', owner, who: reviewer.account, role: reviewer.role, detail: { spans: rota.spans.length, deputies: rota.deputies.length }, words: { rota: JSON.stringify(rota) } });
  });
}

/** Both as `readRota` gives them: the database keeps no order of members. */
function desksChanged(before: Rota, after: Rota): readonly string[] {
  const rows = ({ spans, deputies }: Rota): Map<string, string> => {
    const of = new Map<string, string[]>();
    for (const one of [...spans, ...deputies]) of.set(one.desk, [...(of.get(one.desk) ?? []), JSON.stringify(one)]);
    return new Map([...of].map(([desk, lines]) => [desk, lines.sort().join('\n')]));
  };
  const [a, b] = [rows(before), rows(after)];
  return [...new Set([...a.keys(), ...b.keys()])].filter((desk) => a.get(desk) !== b.get(desk));
}
