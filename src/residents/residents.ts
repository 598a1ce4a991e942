import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Sql } from 'postgres';
import { JournalError } from '../exchange/index.ts';
import { residentSubjects, reportLetter, SubjectsError, type ResidentGiven } from '../ledger/subjects/index.ts';
import type { Acts } from '../people/acts/index.ts';
import type { Report } from '../verify/report.ts';
import { givenOf, isDay, textOf } from './given.ts';
import { historyOf } from './history.ts';
import { reportPage } from './page.ts';
import { findRow, letters, readDays, rowsOf, viewOf, type Row } from './rows.ts';
import type { ProofingPlug } from './steps.ts';
import { ResidentError, type ResidentRequest, type Residents } from './types.ts';

/** What requests of residents need. */
export interface ResidentsParts {
  readonly sql: Sql;
  readonly acts: Acts;
  /** Under the owner's key. */
  readonly seal: (owner: string, plain: string) => string;
  readonly unseal: (owner: string, sealed: string) => string;
  readonly isOwner: (owner: string) => boolean;
  /** All plugs that there are, and those of an owner in order. */
  readonly plugs: readonly ProofingPlug[];
  readonly stepsOf: (owner: string) => readonly string[];
  /** The report with its proof; it records itself. */
  readonly report: (owner: string, given: ResidentGiven, from: string, to: string, number: string) => Promise<Report>;
  /** The last day of an owner that is closed, `YYYY-MM-DD`; null before the first. */
  readonly lastClosed: (owner: string) => Promise<string | null>;
  readonly agencyName: (ori: string) => string | null;
  readonly now?: () => number;
}

/** Days in which an owner answers; tries of a step or a secret in a row. */
const answerDays = 30;
const mostTries = 10;
const day = 86_400_000;

/** Requests of residents, over the database. Residents control every text. */
export function openResidents(parts: ResidentsParts): Residents {
  const { sql, acts, seal, unseal, plugs, now = Date.now } = parts;

  /** The row of a number and its secret; one answer for a wrong number and a wrong secret, and no more than ten tries in an hour. */
  const own = async (number: string, secret: string): Promise<Row> => {
    const row = /^R-[0-9A-Z]{10}$/.test(number) ? await findRow(sql, number) : null;
    if (row === null) throw unknown();
    if (row.tries >= mostTries && row.triedAt !== null && now() - row.triedAt.getTime() < 3_600_000) throw tooMany();
    if (!same(row.secret, secretHash(secret))) {
      await failed(number);
      throw unknown();
    }
    return row;
  };
  const failed = async (number: string): Promise<void> => {
    await sql`update resident_request set tries = case when tried_at < ${new Date(now() - 3_600_000)} then 1 else tries + 1 end, tried_at = ${new Date(now())} where number = ${number}`;
  };
  /** Takes one of the tries of a step before it is looked at: of any number of callers at once no more get through than there are tries. */
  const spend = async (number: string): Promise<void> => {
    const [at, hourAgo] = [new Date(now()), new Date(now() - 3_600_000)];
    const done = await sql`
      update resident_request set tries = case when tried_at < ${hourAgo} then 1 else tries + 1 end, tried_at = ${at} where number = ${number} and (tries < ${mostTries} or tried_at is null or tried_at < ${hourAgo})`;
    if (done.count === 0) throw tooMany();
  };
  const ofOwner = async (owner: string, number: string): Promise<Row> => {
    const row = await findRow(sql, number);
    if (row?.owner !== owner) throw new ResidentError('RESIDENT_UNKNOWN', 'there is no request of this number here', 'Look at the list of requests again.');
    return row;
  };
  /** Marks a step as done or not confirmed, in the order in which an owner wants them. */
  const stepped = async (number: string, step: string, confirmed: boolean, who: string, role: string | null, note: string | null): Promise<ResidentRequest> => {
    return sql.begin(async (tx) => {
      const row = await findRow(tx, number, true);
      if (row === null) throw unknown();
      if (row.state !== 'proofing') throw new ResidentError('RESIDENT_STATE', 'no step is open any more', 'Read the request again.');
      const at = new Date(now()).toISOString();
      const steps = confirmed ? row.steps.map((one) => (one.id === step ? { ...one, doneAt: one.doneAt ?? at } : one)) : row.steps;
      const state = confirmed ? (steps.every(({ doneAt }) => doneAt !== null) ? 'ready' : 'proofing') : role === null ? 'proofing' : 'refused';
      await tx`update resident_request set steps = ${tx.json(steps)}, state = ${state}, tries = 0 ${state === 'refused' ? tx`, given = null, contact = null, code = null, closed_at = ${at}` : tx``} where number = ${number}`;
      await acts.put(tx, {
        act: state === 'ready' ? 'identityProofed' : confirmed ? 'identityStep' : 'identityRefused', owner: row.owner, who, role, on: number, result: confirmed ? 'done' : 'refused', detail: { step },
        words: note === null ? null : { note },
      });
      return viewOf({ ...row, steps, state }, plugs);
    });
  };

  return {
    async ask(owner, given, period, contact) {
      if (!parts.isOwner(owner)) throw new ResidentError('RESIDENT_FIELD', 'there is no such owner of records', 'Choose a state.');
      const sound = givenOf(given);
      const { from, to } = soundPeriod(period, now());
      try {
        residentSubjects(sound, from, to);
      } catch (error) {
        throw error instanceof SubjectsError ? new ResidentError('RESIDENT_FIELD', error.message, 'Write it as it stands on the licence, the registration or the plate.', { cause: error }) : error;
      }
      const [number, secret] = [`R-${letters(10)}`, randomBytes(24).toString('base64url')];
      const steps = parts.stepsOf(owner).map((id) => ({ id, doneAt: null }));
      const askedAt = new Date(now());
      const row = {
        number, owner, secret: secretHash(secret), state: 'proofing' as const, given: seal(owner, JSON.stringify(sound)), contact: contact === null ? null : seal(owner, textOf(contact, 500)),
        code: steps.some(({ id }) => id === 'letterCode') ? seal(owner, letters(12).replace(/(.{4})(?=.)/g, '$1-')) : null, period_from: from, period_to: to, steps: sql.json(steps), asked_at: askedAt, due_at: new Date(now() + answerDays * day),
      };
      await sql.begin(async (tx) => {
        await tx`insert into resident_request ${tx(row)}`;
        await acts.put(tx, { act: 'residentAsked', owner, who: 'nobody', on: number });
      });
      const request = await findRow(sql, number);
      if (request === null) throw unknown();
      return { request: viewOf(request, plugs), secret };
    },
    own: async (number, secret) => viewOf(await own(number, secret), plugs),
    history: async (number, secret) => historyOf(sql, (await own(number, secret)).owner, number),
    async doStep(number, secret, step, answer) {
      const row = await own(number, secret);
      const plug = plugs.find(({ id }) => id === step);
      if (plug === undefined || !row.steps.some(({ id }) => id === step)) throw new ResidentError('RESIDENT_FIELD', 'the request has no such step', 'Read the request again.');
      if (row.state !== 'proofing' || row.given === null) throw new ResidentError('RESIDENT_STATE', 'no step is open any more', 'Read the request again.');
      if (plug.check === undefined) throw new ResidentError('RESIDENT_FIELD', 'an official of the owner does this step', 'Wait for the owner, or go there.');
      // One that is done is not looked at again: whoever knows one step would have the tries of another back by it.
      if (row.steps.some(({ id, doneAt }) => id === step && doneAt !== null)) return viewOf(row, plugs);
      await spend(number);
      const confirmed = await plug.check({ owner: row.owner, number, given: JSON.parse(unseal(row.owner, row.given)) as ResidentGiven, answer: answer.slice(0, 500), code: row.code === null ? null : unseal(row.owner, row.code) })
        .catch((cause: unknown) => { throw new ResidentError('RESIDENT_PROOF', 'the step cannot be done now', 'Try again later.', { cause }); });
      if (confirmed) return stepped(number, step, true, `resident ${number}`, null, null);
      await acts.record({ act: 'identityRefused', owner: row.owner, who: `resident ${number}`, on: number, result: 'refused', detail: { step } });
      throw new ResidentError('RESIDENT_PROOF', 'the step did not confirm who you are', 'Check what you typed; the owner can confirm it in person.');
    },
    list: async (owner) => (await rowsOf(sql, owner)).map((row) => viewOf(row, plugs)),
    async open(owner, number, { account, role }) {
      const row = await ofOwner(owner, number);
      if (row.given === null) throw new ResidentError('RESIDENT_STATE', 'what the resident gave was erased', 'The report stands for itself.');
      await recorded(acts.record({ act: 'identityStep', owner, who: account, role, on: number, detail: { step: 'opened' } }));
      return {
        given: JSON.parse(unseal(owner, row.given)) as ResidentGiven, contact: row.contact === null ? null : unseal(owner, row.contact), code: row.code === null ? null : unseal(owner, row.code),
      };
    },
    async confirmStep(owner, number, step, { confirmed, note }, { account, role }) {
      const row = await ofOwner(owner, number);
      const plug = plugs.find(({ id }) => id === step);
      if (plug?.by !== 'owner' || !row.steps.some(({ id }) => id === step)) throw new ResidentError('RESIDENT_FIELD', 'this is no step that an official does', 'Read the request again.');
      if (note.trim() === '') throw new ResidentError('RESIDENT_FIELD', 'a note is missing', 'Say what was seen, such as the kind of proof of identity.');
      return stepped(number, step, confirmed, account, role, textOf(note, 1_000));
    },
    async make(owner, number, { account, role }) {
      const row = await ofOwner(owner, number);
      if (row.state !== 'ready' || row.given === null) throw new ResidentError('RESIDENT_STATE', 'who the resident is was not confirmed, or the report was made', 'Read the request again.');
      const closed = await parts.lastClosed(owner);
      if (closed === null || closed < row.from) throw new ResidentError('RESIDENT_STATE', 'no day of the period is closed yet: a day can be shown complete only once it is over', 'Make it tomorrow.');
      const report = await recorded(parts.report(owner, JSON.parse(unseal(owner, row.given)) as ResidentGiven, row.from, row.to < closed ? row.to : closed, number)).catch((error: unknown) => {
        throw error instanceof SubjectsError ? new ResidentError('RESIDENT_STATE', error.message, 'Read the request again, or ask the operator.', { cause: error }) : error;
      });
      return sql.begin(async (tx) => {
        const kept = await findRow(tx, number, true);
        if (kept?.state !== 'ready') throw new ResidentError('RESIDENT_STATE', 'the report was made already', 'Read the request again.');
        const [entries, madeAt] = [report.entries.length, new Date(now())];
        await tx`update resident_request set state = 'made', report = ${seal(owner, JSON.stringify(report))}, entries = ${entries}, made_at = ${madeAt}, period_to = ${report.to}, given = null, code = null where number = ${number}`;
        await acts.put(tx, { act: 'residentReportMade', owner, who: account, role, on: number, detail: { entries } });
        return viewOf({ ...kept, state: 'made', entries, madeAt, to: report.to }, plugs);
      });
    },
    async report(number, secret, form) {
      const row = await own(number, secret);
      if (row.report === null) throw new ResidentError('RESIDENT_STATE', 'there is no report to read', 'Read the request again.');
      await recorded(acts.record({ act: 'residentReportRead', owner: row.owner, who: `resident ${number}`, on: number, detail: { form } }));
      await sql`update resident_request set state = 'delivered', read_at = ${new Date(now())} where number = ${number} and state = 'made'`;
      const report = JSON.parse(unseal(row.owner, row.report)) as Report;
      const bytes = (text: string): Uint8Array => Buffer.from(text);
      switch (form) {
        case 'json': return { contentType: 'application/json; charset=utf-8', body: bytes(`${JSON.stringify(report)}\n`), fileName: `${number}.json` };
        case 'letter': return { contentType: 'text/plain; charset=utf-8', body: bytes(reportLetter(report, parts.agencyName)), fileName: `${number}.txt` };
        case 'page': return { contentType: 'text/html; charset=utf-8', body: bytes(reportPage(report, parts.agencyName)), fileName: `${number}.html` };
      }
    },
    async tick(at) {
      const lapsed = await sql.begin(async (tx) => {
        const rows = await tx<{ number: string; owner: string }[]>`
          select number, owner from resident_request where state in ('proofing', 'ready') and due_at <= ${new Date(at)} order by due_at limit 200 for update skip locked`;
        for (const { number, owner } of rows) {
          await tx`update resident_request set state = 'lapsed', given = null, contact = null, code = null, closed_at = ${new Date(at)} where number = ${number}`;
          await acts.put(tx, { act: 'lapsed', owner, who: 'clock', on: number });
        }
        return rows.length;
      });
      const erased = await sql`update resident_request set report = null, contact = null, closed_at = ${new Date(at)} where report is not null and made_at <= ${new Date(at - readDays * day)}`;
      return lapsed + erased.count;
    },
  };
}

function tooMany(): ResidentError {
  return new ResidentError('RESIDENT_MANY', 'too many tries', 'Wait an hour, then try again.');
}

function unknown(): ResidentError {
  return new ResidentError('RESIDENT_UNKNOWN', 'there is no request of this number and secret', 'Check both; the secret was shown once, when you asked.');
}

function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** Days of the past, the first not after the last, ten years at most. */
function soundPeriod({ from, to }: { readonly from: string; readonly to: string }, now: number): { readonly from: string; readonly to: string } {
  const today = new Date(now).toISOString().slice(0, 10);
  if (!isDay(from) || !isDay(to) || from > to || from > today) throw new ResidentError('RESIDENT_FIELD', 'the period is two days, the first not after the last and not in the future', 'Write them as YYYY-MM-DD.');
  if (Date.parse(to) - Date.parse(from) > 3_660 * day) throw new ResidentError('RESIDENT_FIELD', 'the period is longer than ten years', 'Ask for a shorter one.');
  return { from, to: to < today ? to : today };
}

/** No record, no reading. */
async function recorded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof JournalError ? new ResidentError('RESIDENT_LEDGER', 'it cannot be recorded now, so nothing was done', 'Try again later.', { cause: error }) : error;
  }
}
