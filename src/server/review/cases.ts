import { HeldError, type AskerView, type Asker, type Decide, type Delegation, type HeldDetail, type HeldErrorCode, type HeldItem, type LateAnswer, type Paper, type Question, type Review, type Reviewer, type Rota } from '../../review/types.ts';
import { undeclaredAttributes } from '../../vocabulary/index.ts';

/** A held request of an invented agency. */
export const ticketId = 'WA-3F7K-Q2XD-9HTB-M4VE';
export const otherId = 'WA-3F7K-Q2XD-9HTB-0000';
export const ori = 'ZZ0000101';

export const heldItem: HeldItem = {
  ticket: ticketId, owner: 'WA', inquiry: '01933f5a-7c00-7abc-8def-0123456789ab', kind: 'hold', state: 'asked', asked: '2026-03-02T17:04:05.000Z', deadline: '2099-03-02T21:04:05.000Z', onTimeout: 'deny', desk: 'privacyDesk', harm: 0,
  requester: { ori, organisation: 'example-city-police', name: 'Example City Police <invented>', attributes: { ...undeclaredAttributes, level: 'municipal', program287g: ['jail'] } },
  onBehalfOf: { ori: 'ZZ0000202', organisation: 'example-federal-office', attributes: undeclaredAttributes }, delegated: false, verified: 'certificate', userNamed: true, key: 'DQ', purpose: 'officerSafety',
  evidence: { warrant: 'numbered', court: 'stateCourt', caseNumber: 'stated' },
  held: [{ dataClass: 'photo', outcome: 'hold', rules: ['WA-12'], treatment: null, review: null }, { dataClass: 'address', outcome: 'hold', rules: ['WA-12'], treatment: null, review: null }], papers: 1, questions: 1, verdict: null,
};

const paper: Paper = { id: 'P-000000000001', hash: 'ab'.repeat(32), bytes: 12_345, mediaType: 'application/pdf', at: '2026-03-02T17:20:00.000Z' };
const question: Question = { id: 'Q-000000000001', at: '2026-03-02T17:10:00.000Z', text: 'Which <case>?', answeredAt: null, answer: null };

export const heldDetail: HeldDetail = {
  ...heldItem, rules: [{ id: 'WA-12', words: 'A person reviews requests of agencies with 287(g) officers' }],
  now: [{ dataClass: 'photo', outcome: 'hold', treatments: ['reduced'] }, { dataClass: 'address', outcome: 'deny', treatments: ['county', 'state'] }],
  atZero: 'If nobody has decided, it is refused, and the asker is told so.', askerRecord: { days: 90, asked: 4, released: 2, refused: 1, lapsed: 1 },
  similar: [{ ticket: otherId, at: '2026-02-01T10:00:00.000Z', verdict: 'releasedInPart', reason: 'lessSuffices', purpose: 'officerSafety' }],
  paperList: [paper],
  questionList: [question], conflict: null, openedBy: [], decided: null,
};

const view: AskerView = {
  id: ticketId, inquiry: heldItem.inquiry, owner: 'WA', requester: ori, status: 'held', asked: heldItem.asked, deadline: heldItem.deadline, onTimeout: 'deny', questions: heldDetail.questionList, papers: heldDetail.paperList, answer: false,
};

/** Reviewers of all desks and of one; the last is whom the tests call REVIEWER, by another account. */
export const heldReviewers = [
  { account: 'A-REVIEWER0001', person: 'U-0001', name: 'Casey <Reed>', desks: [] }, { account: 'A-REVIEWER0002', person: 'U-0002', name: 'Morgan Vale', desks: ['captainDesk'] },
  { account: 'A-REVIEWER0003', person: 'U-REVIEWER', name: 'Reva Holt', desks: ['privacyDesk'] },
] as const;

/** One held request in memory, that keeps what it was asked. Set `fails` to have everything that changes or opens fail with a code. */
export interface FakeReview extends Review {
  readonly calls: { readonly name: string; readonly args: readonly unknown[] }[];
  fails: HeldErrorCode | null;
  item: HeldDetail;
  view: AskerView;
  late: LateAnswer | null;
  rotaNow: Rota;
  deputiesNow: Delegation[];
  /** As it was at the beginning. */
  reset(): void;
}

export function fakeReview(): FakeReview {
  const calls: { readonly name: string; readonly args: readonly unknown[] }[] = [];
  const called = (name: string, ...args: readonly unknown[]): void => {
    calls.push({ name, args });
    if (review.fails !== null) throw new HeldError(review.fails, `it fails with ${review.fails}`, 'Do something else.');
  };
  const known = (owner: string, ticket: string): HeldDetail => {
    if (owner !== 'WA' || ticket !== ticketId) throw new HeldError('HELD_UNKNOWN', 'there is no such held request here', 'Look at the number.');
    return review.item;
  };
  const own = ({ oris }: Asker): boolean => oris === null || oris.has(ori);
  const review: FakeReview = {
    calls, fails: null, item: heldDetail, view, late: null, rotaNow: { spans: [], deputies: [] }, deputiesNow: [],
    reset: () => {
      calls.length = 0;
      Object.assign(review, { fails: null, item: heldDetail, view, late: null, rotaNow: { spans: [], deputies: [] }, deputiesNow: [] });
    },
    list: async (owner, query, reviewer) => { called('list', owner, query, reviewer); return Promise.resolve(owner === 'WA' ? [review.item] : []); },
    detail: async (owner, ticket, reviewer) => { calls.push({ name: 'detail', args: [owner, ticket, reviewer] }); return Promise.resolve(owner === 'WA' && ticket === ticketId ? review.item : null); },
    open: async (owner, ticket, reviewer) => {
      called('open', owner, ticket, reviewer);
      known(owner, ticket);
      return Promise.resolve({ subject: { kind: 'person', name: { surname: 'QUILLON', given: 'DARA', middle: '' }, birthDate: '1990-07-21', sex: 'F' }, user: 'OFFICER 12 <script>', caseNumber: '26-123', warrant: null, attention: null });
    },
    decide: async (owner: string, ticket: string, decision: Decide, reviewer: Reviewer) => { called('decide', owner, ticket, decision, reviewer); return Promise.resolve({ ...known(owner, ticket), state: 'decided', verdict: 'released' }); },
    ask: async (owner, ticket, text, reviewer) => { called('ask', owner, ticket, text, reviewer); known(owner, ticket); return Promise.resolve(question); },
    escalate: async (owner, ticket, note, reviewer) => { called('escalate', owner, ticket, note, reviewer); return Promise.resolve({ ...known(owner, ticket), state: 'escalated' }); },
    paper: async (owner, ticket, paper, reviewer) => { called('paper', owner, ticket, paper, reviewer); known(owner, ticket); return Promise.resolve(Buffer.from('%PDF-1.7 the paper %%EOF')); },
    rota: async () => Promise.resolve(review.rotaNow),
    staff: async () => Promise.resolve({ desks: ['captainDesk', 'privacyDesk'], reviewers: heldReviewers, names: new Map([[heldReviewers[0].account, heldReviewers[0].name]]) }),
    deputies: async (owner, { ended }) => Promise.resolve(owner === 'WA' ? review.deputiesNow.filter(({ state }) => ended || state !== 'over') : []),
    delegate: async (owner, request, reviewer) => {
      called('delegate', owner, request, reviewer);
      const at = '2026-03-02T17:04:05.000Z';
      const made: Delegation = { ...request, id: 'D-0123456789ABCDEF', accountName: 'Casey <Reed>', deputyName: null, from: request.from ?? at, by: reviewer.account, at, endedAt: null, endedBy: null, endedWhy: null, state: 'inForce' };
      review.deputiesNow.push(made);
      return Promise.resolve(made);
    },
    endDelegation: async (owner, id, reviewer) => {
      called('endDelegation', owner, id, reviewer);
      const found = review.deputiesNow.findIndex((one) => one.id === id && one.state !== 'over');
      if (found === -1) throw new HeldError('HELD_UNKNOWN', 'there is no such delegation here', 'Look at the list.');
      review.deputiesNow = review.deputiesNow.map((one, i) => (i === found ? { ...one, endedAt: one.at, endedBy: reviewer.account, endedWhy: 'ended', state: 'over' } : one));
      return Promise.resolve();
    },
    setRota: async (owner, rota, reviewer) => { called('setRota', owner, rota, reviewer); review.rotaNow = rota; return Promise.resolve(); },
    ticket: async (id, asker) => Promise.resolve(id === ticketId && own(asker) ? review.view : null),
    answer: async (id, asker) => { called('answer', id, asker); return Promise.resolve(id === ticketId && own(asker) ? review.late : null); },
    reply: async (id, question, text, asker) => { called('reply', id, question, text, asker); return Promise.resolve(); },
    addPaper: async (id, bytes, asker) => {
      called('addPaper', id, bytes.length, asker);
      if (!Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).subarray(0, 5).equals(Buffer.from('%PDF-'))) throw new HeldError('HELD_PAPER', 'this is no PDF', 'Send a PDF.');
      return Promise.resolve(paper);
    },
    tick: async () => Promise.resolve(0), nextDue: async () => Promise.resolve(null),
  };
  return review;
}
