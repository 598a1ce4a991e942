import type { RequesterAttributes } from '../../vocabulary/index.ts';
import type { DecisionInput } from '../../model/index.ts';
import { explainDecision } from '../../policy/index.ts';
import { json, type JobAnswer, type JobOf, type JobParts, type Question } from './job.ts';
import { basisView, placeOf } from './views.ts';
import type { NamedBasis } from './library.ts';

/** What the rules say to one question, in words and as data. No record is read, and nothing is recorded. */
export async function askJob({ library, named }: JobParts, { question }: JobOf<'ask'>): Promise<JobAnswer> {
  const basis = await library.basis(named);
  const requester = requesterOf(basis, question);
  if (requester === null) return { ok: false, problem: 'unknownAgency' };
  const { purpose, warrant, court, caseNumber, query: kind, classes } = question;
  const input: DecisionInput = { requester, purpose, evidence: { warrant, court, caseNumber }, kind, classes };
  const decision = basis.table.decide(input);
  return json({ ...basisView(basis), decision, reasons: explainDecision(basis.document, input, decision), asked: input });
}

/** What the policy reads of the asker; null where no organisation has the ORI. */
function requesterOf(basis: NamedBasis, { asker }: Question): RequesterAttributes | null {
  if (typeof asker !== 'string') return asker;
  const place = placeOf(basis, asker);
  return place === null ? null : (basis.network.nodes[place]?.attributes(basis.table.owner) ?? null);
}
