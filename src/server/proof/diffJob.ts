import { isEmptyPlane } from '../../policy/index.ts';
import { effectiveAccess } from '../../proof/access.ts';
import { difference, type Reach } from '../../proof/difference.ts';
import { json, soundDraft, type JobAnswer, type JobOf, type JobParts } from './job.ts';
import { basisView } from './views.ts';

/** What a draft would change for whom, on the agencies of today. */
export async function diffJob({ library, named }: JobParts, { owner, draft: text }: JobOf<'diff'>): Promise<JobAnswer> {
  const draft = soundDraft(owner, text);
  if ('problem' in draft) return draft;
  const before = await library.basis(named);
  const after = await library.basis(draft);
  return json({ ...basisView(before), draft: { version: draft.document.version, hash: draft.hash, table: after.table.hash }, ...difference(before, after, { reach: reachOf }) });
}

/** The organisations that obtain a class by any chain. */
const reachOf: Reach = (basis, dataClass, world) => {
  const found = effectiveAccess(basis, { dataClass, world });
  if (found === 'capped') return 'capped';
  const [access] = found;
  return new Set((basis.network?.nodes ?? []).filter((_node, place) => access !== undefined && !isEmptyPlane(access.byAnyChain(place))).map(({ id }) => id));
};
