import { heldNow } from '../exchange/heldNow.ts';
import { lateAnswer } from '../exchange/late.ts';
import { ownSubjects } from './conflict.ts';
import { deciderOf, itemAfter } from './decider.ts';
import { grantsOf } from './grants.ts';
import { personalOf, unknownTicket, type Parts } from './parts.ts';
import { conflictError, lateNumber, lockTicket } from './rows.ts';
import { HeldError, reasons, type Decide, type HeldErrorCode, type HeldItem, type Reviewer } from './types.ts';
import { putVerdict } from './verdict.ts';

/**
 * A reviewer's verdict. One transaction that holds the ticket: nobody else decides it meanwhile, and its clock neither. What is released is fetched now, and goes out once the entry
 * is in the ledger. Where the records cannot be reached it stays open. Each refusal to decide is an act too.
 */
export async function decide(parts: Parts, owner: string, ticket: string, input: Decide, reviewer: Reviewer): Promise<HeldItem> {
  try {
    return await decideOnce(parts, owner, ticket, input, reviewer);
  } catch (error) {
    if (error instanceof HeldError && noted.has(error.code)) await noteRefusal(parts, owner, ticket, reviewer, error.code);
    throw error;
  }
}

/** What is put on the record as a try that was refused. */
const noted: ReadonlySet<HeldErrorCode> = new Set(['HELD_STATE', 'HELD_CONFLICT', 'HELD_DESK', 'HELD_RULE', 'HELD_FIELD']);

async function decideOnce(parts: Parts, owner: string, ticket: string, input: Decide, reviewer: Reviewer): Promise<HeldItem> {
  const { check, own } = await deciderOf(parts, owner, reviewer);
  return parts.sql.begin(async (tx) => {
    const row = await lockTicket(tx, owner, ticket);
    const at = parts.now();
    check(row, at);
    const { document } = row;
    if (document === null) throw unknownTicket();
    const personal = personalOf(parts, document);
    const { policy, classes } = heldNow(parts, document, personal, new Date(at));
    const granted = grantsOf(document, classes, input);
    const common = { row, decisions: granted.decisions, who: reviewer.account, role: reviewer.role, reason: granted.reason, note: granted.note, policy, at };
    if (row.kind === 'exigent') {
      await putVerdict(tx, parts, { ...common, verdict: input.decision === 'affirm' ? 'affirmed' : 'disapproved', late: null });
    } else {
      const number = await lateNumber(tx);
      const late = await lateAnswer(parts, parts.sources.of(owner), { entry: document, personal, ticket, decisions: granted.decisions, reason: reasons[granted.reason], policyVersion: policy?.version ?? null, at, number });
      if (late === null) throw new HeldError('HELD_SOURCE', `the records of ${owner} cannot be reached now, so nothing was decided`, 'It stays open; try again in a minute.');
      // Asked by a plate or a number, it may turn out to be the reviewer's own record.
      if (ownSubjects(own).some((subject) => late.recordTags.includes(parts.sealer.tag(owner, subject)))) throw conflictError('ownRecord');
      await putVerdict(tx, parts, { ...common, verdict: late.verdict, late });
    }
    return itemAfter(parts, tx, owner, ticket);
  });
}

async function noteRefusal({ sql, acts }: Parts, owner: string, ticket: string, { account, role }: Reviewer, code: HeldErrorCode): Promise<void> {
  await sql.begin((tx) => acts.put(tx, { act: 'verdictRefused', owner, who: account, role, on: ticket, result: 'refused', detail: { code } }));
}

