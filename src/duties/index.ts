import { checkPolicy, ruleWords } from '../policy/index.ts';
import { readPolicy } from '../store/policies.ts';
import type { Sql } from '../store/index.ts';
import { beginRecertification, listRecertifications, policyWritten, recertificationPage, recertify } from './agencies/recertify.ts';
import { noteRecertifications } from './agencies/clock.ts';
import { ticketEvidence } from './agencies/evidence.ts';
import { noteCertifications } from './certifications/clock.ts';
import { restoreRegistry } from './certifications/rebuild.ts';
import { certifyFor, readmit, revokeCertification } from './certifications/sign.ts';
import { certificationTexts, setCertificationText } from './certifications/texts.ts';
import { listCertifications } from './certifications/views.ts';
import { listDue } from './due.ts';
import { noteClocks } from './notices/clock.ts';
import { delayNotice, noticeSent } from './notices/done.ts';
import { listNotices, noticeRow, openNotice } from './notices/open.ts';
import { catchUpNotices } from './notices/project.ts';
import { noticeView } from './notices/rows.ts';
import { ledgerError, type DutiesParts, type Room } from './parts.ts';
import { catchUpDuties } from './rebuild.ts';
import { noteReviews } from './reviews/clock.ts';
import { listReviews, reviewUser } from './reviews/users.ts';
import type { Duties } from './types.ts';

export type { AgencyCounts, DutiesParts } from './parts.ts';
export type { Due } from './due.ts';
export type * from './types.ts';
export { DutyError } from './types.ts';
export { ticketEvidence } from './agencies/evidence.ts';
export { statementOf } from './certifications/sign.ts';
export { mostValidDays } from './certifications/texts.ts';
export { delayGrounds, mostDelayDays, type DelayGround } from './notices/done.ts';
export { spoolNotices, SpoolError, type Spooled } from './notices/spool.ts';
export { quarterOf, reviewDays } from './reviews/quarter.ts';

/** Opens the duties. Several of them, in several processes, may work on one database. */
export function openDuties(parts: DutiesParts): Duties {
  const room: Room = {
    ...parts,
    now: parts.now ?? Date.now,
    seldom: parts.seldom ?? 10_000,
    objectTo: parts.objectTo ?? (() => null),
    ruleWords: parts.ruleWords ?? keptRules(parts.sql),
    evidence: parts.evidence ?? ((owner, year) => ticketEvidence(parts.sql, owner, year)),
    caughtUp: async () => { await catchUpDuties(room).catch(ledgerError); },
  };
  return {
    notices: (owner, states) => listNotices(room, owner, states),
    notice: async (owner, id) => noticeView(await noticeRow(room, owner, id), room.now()),
    openNotice: (owner, id, actor) => openNotice(room, owner, id, actor),
    noticeSent: (owner, id, request, actor) => noticeSent(room, owner, id, request, actor),
    delayNotice: (owner, id, request, actor) => delayNotice(room, owner, id, request, actor),

    certificationTexts: (owner) => certificationTexts(room.sql, owner),
    setCertificationText: (owner, text, actor) => setCertificationText(room, owner, text, actor),
    certifications: (of) => listCertifications(room, of),
    certify: (ori, request, actor) => certifyFor(room, ori, request, actor),
    revokeCertification: (owner, id, request, actor) => revokeCertification(room, owner, id, request, actor),
    readmit: (owner, id, request, actor) => readmit(room, owner, id, request, actor),

    userReviews: (scope) => listReviews(room, scope),
    reviewUser: (scope, review, item, request, actor) => reviewUser(room, scope, review, item, request, actor),

    recertifications: (owner) => listRecertifications(room, owner),
    recertificationPage: (owner, id, page) => recertificationPage(room, owner, id, page),
    beginRecertification: (owner, request, actor) => beginRecertification(room, owner, request, actor),
    recertify: (owner, id, item, request, actor) => recertify(room, owner, id, item, request, actor),
    policyWritten: (owner, id, item, request, actor) => policyWritten(room, owner, id, item, request, actor),

    due: (of, now) => listDue(room, of, now),
    tick: tickOf(room),
  };
}

/** Each part by itself: what fails in one does not keep back the others. Who calls while it runs waits for the same run. */
function tickOf(room: Room): Duties['tick'] {
  let running: Promise<number> | null = null;
  let looked = -Infinity;
  let isCaughtUp = false;
  const run = async (now: number): Promise<number> => {
    // What the ledger says is known before it is said what was missed.
    const always = async (): Promise<number> => (await catchUpNotices(room)) + (await noteClocks(room, now));
    const due = Math.abs(now - looked) >= room.seldom;
    if (due) looked = now;
    // What was done already, by what the ledger says, is not done again; where that is not known, it waits.
    const seldom = !due ? [] : [restoreRegistry, noteCertifications, noteReviews, noteRecertifications].map((one) => async (): Promise<number> => (isCaughtUp ? await one(room, now) : 0));
    const catchUp = async (): Promise<number> => {
      await catchUpDuties(room);
      isCaughtUp = true;
      return 0;
    };
    let done = 0;
    const failed: unknown[] = [];
    for (const part of [always, catchUp, ...seldom]) {
      try {
        done += await part();
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length > 0) throw failed[0] instanceof Error ? failed[0] : new Error('a part of the duties failed', { cause: failed[0] });
    return done;
  };
  return (now) => (running ??= run(now).finally(() => { running = null; }));
}

/** The words of a rule out of the policies that are kept; the documents that were read last are remembered. */
function keptRules(sql: Sql): Room['ruleWords'] {
  const kept = new Map<string, ReturnType<typeof checkPolicy>>();
  return async (owner, version, rule) => {
    const key = `${owner} ${version}`;
    let checked = kept.get(key);
    if (checked === undefined) {
      const stored = await readPolicy(sql, owner, version);
      if (stored === null) return null;
      checked = checkPolicy(stored.text);
      const oldest = kept.size >= 16 ? kept.keys().next().value : undefined;
      if (oldest !== undefined) kept.delete(oldest);
      kept.set(key, checked);
    }
    return checked.ok ? ruleWords(checked.document, rule) : null;
  };
}
