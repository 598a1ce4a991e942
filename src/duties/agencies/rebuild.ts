import type { TransactionSql } from 'postgres';
import type { ActEntry } from '../../model/index.ts';
import { detailNumber, detailText } from '../../store/actFollower.ts';
import { actWords, asJson, type Room } from '../parts.ts';
import { freeId } from '../reviews/rebuild.ts';
import type { ListedAgency } from './clock.ts';

/** The acts of re-certifications that are read into rows. */
export const recertificationActs = ['recertificationBegun', 'recertificationListed', 'agencyRecertified', 'recertificationClosed'] as const;

/** Takes over what one act says of a re-certification, where the rows do not have it: the evidence as it stood beside the decision, not as it would be now. */
export async function rebuildRecertification(tx: TransactionSql, room: Room, act: ActEntry): Promise<void> {
  if (act.act === 'recertificationBegun') await rebuildBegun(tx, act);
  const [known] = await tx`select 1 from recertification where id = ${act.on} and owner = ${act.owner}`;
  if (known === undefined || act.on === null) return;
  if (act.act === 'recertificationListed') await rebuildListed(tx, room, act, act.on);
  if (act.act === 'agencyRecertified') await rebuildDecision(tx, room, act, act.on);
  if (act.act !== 'recertificationClosed') return;
  if (act.result === 'done') await tx`update recertification set closed_at = ${act.at}, filled_at = coalesce(filled_at, ${act.at}) where id = ${act.on} and closed_at is null`;
  else await tx`update recertification set overdue_at = ${act.at} where id = ${act.on} and overdue_at is null`;
}

async function rebuildBegun(tx: TransactionSql, act: ActEntry): Promise<void> {
  const [year, due] = [detailNumber(act, 'year'), detailText(act, 'dueAt')];
  if (act.on === null || year === null || Number.isNaN(Date.parse(due))) return;
  await tx`insert into recertification (id, owner, year, begun_at, due_at) values (${act.on}, ${act.owner}, ${year}, ${act.at}, ${due}) on conflict do nothing`;
}

async function rebuildListed(tx: TransactionSql, room: Room, act: ActEntry, id: string): Promise<void> {
  const text = actWords(room, act)?.['items'];
  if (typeof text !== 'string') return;
  for (const [item, organisation, name, evidence] of JSON.parse(text) as readonly ListedAgency[]) {
    const [there] = await tx<{ empty: boolean }[]>`select evidence = '{}' as empty from recertification_item where recertification = ${id} and organisation = ${organisation}`;
    if (there?.empty === false) continue;
    await tx`
      insert into recertification_item as known (id, recertification, organisation, name, evidence) overriding system value
      values (${await freeId(tx, 'recertification_item', item)}, ${id}, ${organisation}, ${name}, ${tx.json(asJson(evidence))})
      on conflict (recertification, organisation) do update set name = excluded.name, evidence = excluded.evidence where known.evidence = '{}'`;
  }
  const full = detailText(act, 'all') === 'yes';
  await tx`
    update recertification set filled_to = greatest(filled_to collate "C", ${detailText(act, 'to')}), filled_at = ${full ? act.at : null} where id = ${id} and filled_at is null`;
}

/** What an act from before decided of an agency that nobody listed has no evidence until the clock lists the others. */
async function rebuildDecision(tx: TransactionSql, room: Room, act: ActEntry, id: string): Promise<void> {
  const [organisation, decision, written] = [detailText(act, 'organisation'), detailText(act, 'decision'), detailNumber(act, 'writtenVersion')];
  if (organisation === '') return;
  if (written !== null) await tx`update recertification_item set written_version = ${written} where recertification = ${id} and organisation = ${organisation} and written_version is null`;
  if (decision !== 'keep' && decision !== 'reduce' && decision !== 'remove') return;
  const [there] = await tx`select 1 from recertification_item where recertification = ${id} and organisation = ${organisation}`;
  if (there === undefined) {
    await tx`
      insert into recertification_item (id, recertification, organisation, name, evidence) overriding system value
      values (${await freeId(tx, 'recertification_item', detailNumber(act, 'item') ?? 0)}, ${id}, ${organisation}, ${organisation}, '{}') on conflict do nothing`;
  }
  const words = actWords(room, act);
  await tx`
    update recertification_item set decision = ${decision}, decided_by = ${act.who}, decided_at = ${detailText(act, 'at') || act.at}, reason = ${typeof words?.['reason'] === 'string' ? room.seal(act.owner, words['reason']) : null},
      sentence = ${words?.['sentence'] ?? null}, others = ${detailNumber(act, 'others')}
    where recertification = ${id} and organisation = ${organisation} and decision is null`;
}
