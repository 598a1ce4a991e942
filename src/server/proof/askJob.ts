import type { RequesterAttributes } from '../../vocabulary/index.ts';
import type { DecisionInput } from '../../model/index.ts';
import { ask } from '../../proof/whatIf.ts';
import { json, type JobAnswer, type JobOf, type JobParts, type Question } from './job.ts';
import type { NamedBasis } from './library.ts';
import { basisView, placeOf } from './views.ts';

/**
 * What the rules say to one question, in words and as data, and what would change the answer. Limits that the asker has used up now
 * count. No record is read, nothing is counted and nothing is recorded.
 */
export async function askJob({ library, named }: JobParts, { question }: JobOf<'ask'>): Promise<JobAnswer> {
  const basis = await library.basis(named);
  const asker = askerOf(basis, question);
  if (asker === null) return { ok: false, problem: 'unknownAgency' };
  const { purpose, warrant, court, caseNumber, query: kind, classes } = question;
  const input: DecisionInput = { requester: asker.attributes, purpose, evidence: { warrant, court, caseNumber }, kind, classes };
  const limitsUsed = asker.organisation === null ? [] : await library.usedUp(named.document, asker.organisation);
  return json({ ...basisView(basis), ...ask(basis.table, basis.document, input, { limitsUsed }), limitsUsed, asked: input });
}

/** What the policy reads of the asker; null where no organisation has the ORI. */
function askerOf(basis: NamedBasis, { asker }: Question): { readonly attributes: RequesterAttributes; readonly organisation: string | null } | null {
  if (typeof asker !== 'string') return { attributes: asker, organisation: null };
  const place = placeOf(basis, asker);
  const node = place === null ? undefined : basis.network.nodes[place];
  return node === undefined ? null : { attributes: node.attributes(basis.table.owner), organisation: node.id };
}
