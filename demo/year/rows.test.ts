import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AttributesWord, ContextWord, OutcomeWord, RequesterWord } from '../../src/insight/archive/types.ts';
import { decide as decideBy, joinDecisions, prepare } from '../../src/policy/index.ts';
import type { Jurisdiction, RequesterAttributes } from '../../src/vocabulary/index.ts';
import { reasons } from '../../src/review/types.ts';
import { landmarkOris } from '../landmarks.ts';
import { leastAgencies } from '../network.ts';
import type { ReviewNote } from './columns.ts';
import { groundOf, type Ground } from './ground.ts';
import { ownerYear, type OwnerYear, type WordBook } from './ownerYear.ts';
import { tagText, lots } from './persons.ts';
import { defaultYear, planYear } from './plan.ts';
import { rowMaker } from './rows.ts';

const day = 86_400_000;

interface Row {
  readonly index: number;
  readonly at: number;
  readonly type: number;
  readonly who: number;
  readonly behalf: number;
  readonly context: number;
  readonly outcome: number;
  readonly records: number;
  readonly subject: bigint;
  readonly subjectName: bigint;
  readonly user: bigint;
  readonly userName: bigint;
  readonly flags: number;
  readonly sex: number;
}

interface Book extends WordBook {
  readonly words: { readonly attributes: AttributesWord[]; readonly requesters: RequesterWord[]; readonly contexts: ContextWord[]; readonly outcomes: OutcomeWord[] };
}

function bookOf(): Book {
  const words: Book['words'] = { attributes: [], requesters: [], contexts: [], outcomes: [] };
  const keep = <W>(list: W[]): ((word: W) => number) => {
    const known = new Map<string, number>();
    return (word) => {
      const key = JSON.stringify(word);
      const place = known.get(key) ?? list.push(word) - 1;
      known.set(key, place);
      return place;
    };
  };
  return { words, attributes: keep(words.attributes as RequesterAttributes[]) , requester: keep(words.requesters), context: keep(words.contexts), outcome: keep(words.outcomes) };
}

/** `rows` are the queries; `all` has the verdicts too, and `notes` what is said of reviews. */
interface Made {
  readonly rows: readonly Row[];
  readonly all: readonly Row[];
  readonly notes: readonly ReviewNote[];
  readonly book: Book;
}

function rowsOf(ground: Ground, year: OwnerYear, months: readonly number[] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]): Made {
  const book = bookOf();
  const maker = rowMaker(ground, year, book);
  const rows: Row[] = [];
  const notes: ReviewNote[] = [];
  for (const month of months) {
    maker.month(month, (sheet) => {
      notes.push(...sheet.notes);
      for (let i = 0; i < sheet.length; i++) {
        rows.push({
          index: sheet.index[i]!, at: sheet.at[i]!, type: sheet.type[i]!, who: sheet.who[i]!, behalf: sheet.behalf[i]!, context: sheet.context[i]!, outcome: sheet.outcome[i]!, records: sheet.records[i]!, subject: sheet.subject[i]!,
          subjectName: sheet.subjectName[i]!, user: sheet.user[i]!, userName: sheet.userName[i]!, flags: sheet.flags[i]!, sex: sheet.sex[i]!,
        });
      }
    });
  }
  return { rows: rows.filter(({ type }) => type === 0), all: rows, notes, book };
}

const ground = groundOf(planYear({ ...defaultYear, scale: 600, agencies: leastAgencies }));
const years = new Map<Jurisdiction, Made & { readonly year: OwnerYear }>();
function made(owner: Jurisdiction): Made & { readonly year: OwnerYear } {
  let known = years.get(owner);
  if (known === undefined) {
    const year = ownerYear(ground, owner);
    years.set(owner, (known = { year, ...rowsOf(ground, year) }));
  }
  return known;
}

describe('the rows of an owner', () => {
  it.each(['WA', 'NY', 'AS'] as const)('%s: are as many as were planned, by group too, in the order of time', (owner) => {
    const { year, rows, all, book } = made(owner);
    const { words } = book;
    const count = (test: (asker: AttributesWord) => boolean): number => rows.filter(({ who }) => test(words.attributes[words.requesters[who]!.attributes]!)).length;
    expect(all.map(({ index }) => index)).toEqual(all.map((_, i) => i));
    expect(all.every(({ at }, i) => i === 0 || at >= all[i - 1]!.at)).toBe(true);
    expect(all.every(({ at }) => at >= ground.plan.months[0]! && at < ground.plan.months[12]! && Number.isInteger(at))).toBe(true);
    expect({
      total: rows.length, ero: count(({ component }) => component.includes('ICE') && !component.includes('HSI')), hsi: count(({ component }) => component.includes('HSI')),
      cbp: count(({ component }) => component.includes('CBP')), federal: count(({ component, level }) => level === 'federal' && !component.includes('ICE') && !component.includes('CBP')),
    }).toEqual({ total: year.totals.total, ero: year.totals.ero, hsi: year.totals.hsi, cbp: year.totals.cbp, federal: year.totals.federal });
  });

  it.each(['WA', 'NY', 'OR', 'CA'] as const)('%s: each outcome is what the document says, read by the interpreter with the attributes of the day', (owner) => {
    const { year, rows, book } = made(owner);
    const { words } = book;
    const prepared = new Map(year.policies.map((policy) => [policy, prepare(policy.document)]));
    for (const row of rows.filter((_, i) => i % Math.ceil(rows.length / 700) === 0)) {
      const { purpose, warrant, court, caseNumber, kind, wanted } = words.contexts[row.context]!;
      const policy = year.policies.filter(({ since }) => since <= row.at).at(-1)!;
      const decide = (word: number) => {
        const attributes = ground.registry.requester(words.requesters[word]!.ori)!.attributes(owner, new Date(row.at));
        expect(words.attributes[words.requesters[word]!.attributes]).toEqual(attributes);
        return decideBy(prepared.get(policy)!, { requester: attributes, purpose, evidence: { warrant, court, caseNumber }, kind, classes: wanted }, row.at);
      };
      const own = decide(row.who);
      const decision = row.behalf === -1 ? own : joinDecisions(own, decide(row.behalf));
      const outcome = words.outcomes[row.outcome]!;
      expect(outcome.decisions).toEqual(decision.classes);
      expect([outcome.policyVersion, outcome.policyHash]).toEqual([policy.version, policy.hash]);
      const given = decision.classes.filter((one) => one.outcome === 'release' || one.outcome === 'redact').map(({ dataClass }) => dataClass);
      const held = decision.classes.some((one) => one.outcome === 'hold');
      if (given.length === 0) expect(outcome.status).toBe(held ? 'held' : 'refused');
      else expect(['answered', 'answeredInPart', 'noRecord', 'unavailable']).toContain(outcome.status);
      if (outcome.status === 'answered') expect(decision.classes.every((one) => one.outcome === 'release')).toBe(true);
      expect(outcome.released).toEqual(outcome.status.startsWith('answered') ? given : []);
      expect(row.records > 0).toBe(outcome.released.length > 0);
      expect(outcome.held).toBe(held && (outcome.status === 'held' || outcome.status === 'answeredInPart'));
    }
  });

  it('are the same for the same seed, others for another, and the same month by itself', () => {
    const print = (rows: readonly Row[]): string => createHash('sha256').update(rows.map((row) => Object.values(row).join()).join('\n')).digest('hex');
    const { year, rows, all, notes } = made('NY');
    const again = rowsOf(groundOf(ground.plan), ownerYear(groundOf(ground.plan), 'NY'));
    expect(print(again.all)).toBe(print(all));
    expect(again.notes).toEqual(notes);
    const other = groundOf({ ...ground.plan, seed: 57 });
    expect(print(rowsOf(other, ownerYear(other, 'NY')).all)).not.toBe(print(all));
    const tenth = rowsOf(ground, year, [9]).rows;
    expect(tenth.map(({ index, at, subject, user }) => [index, at, subject, user])).toEqual(rows.slice(year.starts[9], year.starts[10]).map(({ index, at, subject, user }) => [index, at, subject, user]));
  });

  it('say nothing of who asks in legacy text, and never why for most agencies', () => {
    const { rows, book } = made('CA');
    const contexts = book.words.contexts;
    expect(rows.filter(({ context, user }) => (contexts[context]!.format === 'legacy') !== (user === 0n))).toEqual([]);
    expect(rows.filter(({ userName, subjectName, flags }) => (flags !== 0) !== (userName !== 0n && subjectName !== 0n))).toEqual([]);
    expect(rows.filter(({ flags, userName, subjectName }) => (flags & 1) === 1 && userName !== subjectName)).toEqual([]);
    const said = new Map<string, boolean>();
    for (const { who, context } of rows) {
      const { ori } = book.words.requesters[who]!;
      said.set(ori, (said.get(ori) ?? false) || contexts[context]!.purpose !== 'notStated');
    }
    const share = [...said.values()].filter((one) => !one).length / said.size;
    expect(share).toBeGreaterThan(0.6);
    expect(share).toBeLessThan(0.8);
  });

  it('find no record for about 4 % and nobody at home for about 0.2 % where something would be given', () => {
    const { rows, book } = made('TX');
    const of = (status: string): number => rows.filter(({ outcome }) => book.words.outcomes[outcome]!.status === status).length / rows.length;
    expect(of('noRecord')).toBeGreaterThan(0.03);
    expect(of('noRecord')).toBeLessThan(0.055);
    expect(of('unavailable')).toBeGreaterThan(0.0003);
    expect(of('unavailable')).toBeLessThan(0.006);
  });

  it('show the block of ICE in Washington: refused from the day on, attempts that decline, and CBP that asks more', () => {
    const { year, rows, book } = made('WA');
    const { words } = book;
    const block = year.policies[1]!.since;
    const ice = rows.filter(({ who }) => words.attributes[words.requesters[who]!.attributes]!.component.includes('ICE'));
    const cbp = rows.filter(({ who }) => words.attributes[words.requesters[who]!.attributes]!.component.includes('CBP'));
    const unpapered = ice.filter(({ at, context }) => at >= block && words.contexts[context]!.warrant !== 'courtConfirmed');
    expect(unpapered.length).toBeGreaterThan(5);
    expect(unpapered.every(({ outcome }) => words.outcomes[outcome]!.status === 'refused')).toBe(true);
    expect(ice.some(({ at, outcome }) => at < block && words.outcomes[outcome]!.status.startsWith('answered'))).toBe(true);
    const perDay = (list: readonly Row[], from: number, to: number): number => list.filter(({ at }) => at >= from && at < to).length / ((to - from) / day);
    const end = ground.plan.months[12]!;
    expect(perDay(ice, end - 60 * day, end)).toBeLessThan(perDay(ice, block - 100 * day, block) * 0.7);
    expect(perDay(cbp, block + 90 * day, end)).toBeGreaterThan(perDay(cbp, ground.plan.months[0]!, block) * 1.2);
  });

  it('have what was planted', () => {
    const { year, rows, book } = made('WA');
    const kinds = year.planted.cases.map(({ kind }) => kind);
    expect(kinds).toEqual(['self', 'pileOn', 'bulkPhotos', 'afterRefusal', 'aroundBlock']);
    const self = year.planted.cases[0]!;
    const own = rows.filter(({ user, flags }) => user === BigInt(`0x${self.user!}`) && (flags & 1) === 1);
    expect([own.length, new Set(own.map(({ who }) => book.words.requesters[who]!.ori))]).toEqual([self.count, new Set([self.ori])]);
    const pile = year.planted.cases[1]!;
    const many = rows.filter(({ subject }) => subject === BigInt(`0x${pile.subject!}`));
    expect([many.length, new Set(many.map(({ user }) => user)).size]).toEqual([158, 110]);
    const refused = year.planted.cases[3]!;
    const attempts = rows.filter(({ user, outcome }) => user === BigInt(`0x${refused.user!}`) && book.words.outcomes[outcome]!.status === 'refused');
    expect(attempts.length).toBeGreaterThanOrEqual(refused.count);
    for (const { from, to } of year.planted.cases) expect(from <= to && Date.parse(from) >= ground.plan.months[0]! && Date.parse(to) < ground.plan.months[12]!).toBe(true);
  });

  it('have the police whose certification lapsed go on for photos', () => {
    const { rows, book } = made('NY');
    const { words } = book;
    const late = rows.filter(({ who, at, context }) => words.requesters[who]!.ori === landmarkOris.lapsedPolice && at >= Date.UTC(2026, 3, 1) && words.contexts[context]!.wanted.includes('photo'));
    expect(late.length).toBeGreaterThanOrEqual(60);
    expect(late.every(({ who, outcome }) => !words.attributes[words.requesters[who]!.attributes]!.certified.includes('noCivilImmigrationUse') && !words.outcomes[outcome]!.released.includes('photo'))).toBe(true);
  });

  it('ask on behalf of others only where the registry knows of it', () => {
    const { rows, book } = made('CA');
    const behalf = rows.filter((row) => row.behalf !== -1);
    expect(behalf.length).toBeGreaterThan(0);
    for (const row of behalf) {
      expect(book.words.contexts[row.context]!.delegated).toBe(true);
      expect(ground.registry.mayActFor(book.words.requesters[row.who]!.ori, book.words.requesters[row.behalf]!.ori, new Date(row.at))).toBe(true);
    }
    expect(rows.every((row) => (row.behalf === -1) === (book.words.contexts[row.context]!.delegated === null))).toBe(true);
  });
});

describe('what was held', () => {
  const of = (owner: Jurisdiction) => {
    const { rows, all, notes, book, year } = made(owner);
    const held = notes.flatMap((note) => ('held' in note ? [note] : []));
    const ended = new Map(notes.flatMap((note) => ('ended' in note ? [[note.ended, note.ending] as const] : [])));
    return { rows, all, book, year, held, ended, lines: held.map(({ held: entry, row, terms }) => ({ row, terms, ending: ended.get(entry) ?? null })) };
  };

  it.each(['NY', 'CA', 'MN', 'OR'] as const)('%s: is each held row, once, and ends once: at a row of its own, not after its deadline', (owner) => {
    const { rows, all, book, held, ended, lines } = of(owner);
    expect(held.map(({ row }) => row.index)).toEqual(rows.filter(({ outcome }) => book.words.outcomes[outcome]!.held).map(({ index }) => index));
    expect(held.length).toBeGreaterThan(20);
    expect(all.filter(({ type }) => type !== 0).map(({ index }) => index)).toEqual([...ended.values()].map(({ index }) => index));
    for (const { row, terms, ending } of lines) {
      expect(all[row.index]).toMatchObject({ at: row.at, who: row.who, behalf: row.behalf ?? -1, context: row.context, outcome: row.outcome, records: row.records });
      if (ending === null) {
        expect(terms.deadline).toBeGreaterThan(ground.plan.months[12]! - 86_400_000);
        continue;
      }
      expect(all[ending.index]).toMatchObject({ type: 5, at: ending.at, who: row.who, behalf: -1, context: -1, outcome: -1, records: ending.records, subject: all[row.index]!.subject, user: 0n, userName: 0n, subjectName: 0n, flags: 0, sex: 0 });
      expect(ending.at).toBeGreaterThan(row.at);
      if (ending.decidedBy === 'person') expect(ending.at).toBeLessThan(terms.deadline);
      else expect(ending.at - terms.deadline).toBeGreaterThanOrEqual(0);
    }
  });

  it.each(['NY', 'CA', 'OR'] as const)('%s: is given what was held, and never what the policy of that moment refuses', (owner) => {
    const { book, year, lines } = of(owner);
    for (const { row, terms, ending } of lines) {
      if (ending === null) continue;
      const outcome = book.words.outcomes[row.outcome!]!;
      const heldClasses = outcome.decisions.filter((one) => one.outcome === 'hold');
      expect(terms).toEqual({ deadline: row.at + Math.min(...heldClasses.map(({ review }) => review!.withinSeconds)) * 1000, exigent: false });
      expect(ending.decisions.map(({ dataClass, rules }) => [dataClass, rules])).toEqual(heldClasses.map(({ dataClass, rules }) => [dataClass, rules]));
      const policy = year.policies.filter(({ since }) => since <= ending.at).at(-1)!;
      expect([ending.policyVersion, ending.policyHash]).toEqual([policy.version, policy.hash]);
      const granted = ending.decisions.filter((one) => one.outcome !== 'deny');
      expect(ending.records > 0).toBe(ending.released.length > 0);
      const whole = ending.decisions.every((one) => one.outcome === 'release');
      expect(ending.verdict).toBe(granted.length === 0 ? 'refused' : ending.records === 0 ? 'noRecord' : whole ? 'released' : 'releasedInPart');
      if (ending.records > 0) expect(ending.released).toEqual(expect.arrayContaining(granted.map(({ dataClass }) => dataClass)));
      // Whoever was given something at once has a record.
      if (row.records > 0) expect(ending.verdict).not.toBe('noRecord');
      if (ending.decidedBy === 'clock') expect([ending.verdict, ending.reason]).toEqual(['refused', 'clock']);
      else expect(Object.keys(reasons)).toContain(ending.reason);
    }
    const verdicts = new Set(lines.map(({ ending }) => ending?.verdict));
    for (const verdict of ['released', 'releasedInPart', 'refused'] as const) expect(verdicts).toContain(verdict);
    expect(new Set(lines.map(({ ending }) => ending?.decidedBy))).toContain('clock');
  });
});

it('writes a tag as the archive shows it', () => {
  expect(tagText(1, lots.user, 5)).toMatch(/^[0-9a-f]{16}$/);
  const { year } = made('WA');
  expect(new Set(Array.from({ length: 20_000 }, (_, person) => tagText(year.key, lots.person, person))).size).toBe(20_000);
});
