import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DecisionEntry, Subject, SystemEntry } from '../../model/index.ts';
import type { VerifyErrorCode } from '../../verify/types.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { formatVkey, parseVkey } from '../../verify/note.ts';
import type { TrustPolicy } from '../../verify/policy.ts';
import type { Report } from '../../verify/report.ts';
import { verifyReport } from '../../verify/subjects.ts';
import { webCrypto } from '../../verify/webCrypto.ts';
import { sampleEntry } from '../samples.ts';
import { checkEpoch } from './check.ts';
import { buildEpoch, closeEpochs } from './close.ts';
import { EpochIndex, keepEpoch, makeEpoch } from './epochFile.ts';
import { readFacts } from './facts.ts';
import { reportLetter } from './letter.ts';
import { Pairs } from './pairs.ts';
import { blinder, tagsOf } from './blind.ts';
import { makeReport } from './report.ts';
import { residentSubjects } from './residentSubjects.ts';
import { sampleKeys, SampleLedger } from './samples.ts';
import { readWithheld, withheldEntry } from './withheld.ts';

let root = '';
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'weir-report-'));
});
afterAll(() => rm(root, { recursive: true }));
const place = (): Promise<string> => mkdtemp(join(root, 'place-'));

const begin = Date.parse('2026-03-01T12:00:00.000Z');
const dayMs = 86_400_000;
const licence = (n: number): Subject => ({ kind: 'licence', number: `ZYL${n}` });
const noWithheld = new Map<number, never>();

function decision(at: number, number: number, subject: Subject, found: readonly Subject[] = []): DecisionEntry {
  return {
    ...sampleEntry(number, found.length > 0 ? 'full' : 'small'), at: new Date(at).toISOString(), subjectTag: sampleKeys.tag('ZY', subject),
    recordTags: found.map((one) => sampleKeys.tag('ZY', one)),
  };
}

/** Days of entries, each entry the numbers of the licence asked for and of the records found. Closed and ready. */
async function closed(days: readonly (readonly (readonly number[])[])[]): Promise<{ ledger: SampleLedger; folder: string; now: number }> {
  const ledger = new SampleLedger(begin);
  const folder = await place();
  let number = 0;
  for (const [at, entries] of days.entries()) {
    ledger.now = begin + at * dayMs;
    for (const [asked = 0, ...found] of entries) await ledger.append([decision(ledger.now, number++, licence(asked), found.map(licence))]);
  }
  const now = begin + days.length * dayMs;
  ledger.now = now;
  await close(ledger, folder, now);
  return { ledger, folder, now };
}

async function close(ledger: SampleLedger, folder: string, now: number) {
  const facts = await readFacts(ledger.reader, { place: folder });
  return await closeEpochs({ owner: 'ZY', reader: ledger.reader, keys: sampleKeys, place: folder, facts, now }, ledger);
}

async function reportOf(ledger: SampleLedger, folder: string, now: number, subjects: readonly Subject[], from = '2026-03-01', to = '2026-03-03'): Promise<Report> {
  const facts = await readFacts(ledger.reader, null);
  const withheld = await readWithheld(ledger.reader, 'ZY', { place: folder });
  const made = await makeReport({ owner: 'ZY', subjects, from, to, who: 'R-2026-1', reader: ledger.reader, keys: sampleKeys, epochs: folder, facts, withheld, tree: ledger.tree, now }, ledger);
  return JSON.parse(JSON.stringify(made)) as Report;
}

async function refusal(policy: TrustPolicy, report: unknown): Promise<VerifyErrorCode | null> {
  return await verifyReport(nodeCrypto, policy, report).then(() => null, (error: unknown) => (error as { code: VerifyErrorCode }).code);
}

const threeDays = [[[1, 1], [2], [3, 1]], [[2], [4, 5], [6]], [[1], [7], [8], [9]]];

describe('a resident\'s report', () => {
  it('shows exactly the entries of the resident, for any days', async () => {
    const entry = fc.array(fc.nat(12), { minLength: 1, maxLength: 4 });
    await fc.assert(fc.asyncProperty(fc.array(fc.array(entry, { maxLength: 8 }), { minLength: 3, maxLength: 3 }), fc.array(fc.nat(15), { minLength: 1, maxLength: 3 }), async (days, mine) => {
      fc.pre((days[0]?.length ?? 0) > 0);
      const { ledger, folder, now } = await closed(days);
      const report = await reportOf(ledger, folder, now, mine.map(licence));
      const verified = await verifyReport(nodeCrypto, await ledger.policy('ZY'), report);
      const wanted = days.flat().flatMap((tags, index) => (tags.some((tag) => mine.includes(tag)) ? [index] : []));
      expect(verified.entries.map(({ index }) => index)).toEqual(wanted);
      expect(verified.days).toBe(3);
      expect(verified.begins).toBeNull();
    }), { numRuns: 25 });
  });

  it('is the same to a browser', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const report = await reportOf(ledger, folder, now, [licence(1)]);
    expect((await verifyReport(webCrypto, await ledger.policy('ZY'), report)).entries.map(({ index }) => index)).toEqual([0, 2, 6]);
  });

  it('opens what the resident may see, and neither the time nor the officer', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const report = await reportOf(ledger, folder, now, [licence(1)]);
    const { entries } = await verifyReport(nodeCrypto, await ledger.policy('ZY'), report);
    expect(Object.keys(entries[0]!.fields)).toEqual(['day', 'message', 'requester', 'behalf', 'reason', 'outcome', 'given', 'rules']);
    const text = JSON.stringify(report.entries);
    expect(text).not.toContain('12:00:00');
    expect(text).not.toContain('sealed');
    // As a word of its own: by chance four letters stand in the hashes, which are base64.
    expect(JSON.stringify(report)).not.toMatch(/(?<![A-Za-z0-9+/])ZYL1(?![A-Za-z0-9+/=])/);
  });

  it('puts on record that it was made, and who asked only by a number', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const report = await reportOf(ledger, folder, now, [licence(1)]);
    const entry = ledger.log('zy').at(-1)!.entry;
    expect(entry).toMatchObject({ type: 'opening', to: 'resident', who: 'R-2026-1', entries: 3, withheld: 0 });
    expect(report.record.index).toBe(ledger.log('zy').length - 1);
  });

  it('is refused without any one of its parts, or with two exchanged', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const policy = await ledger.policy('ZY');
    const report = await reportOf(ledger, folder, now, [licence(1), licence(2), licence(99)]);
    expect(await refusal(policy, report)).toBeNull();
    const { entries, epochs } = report;
    for (const at of entries.keys()) expect(await refusal(policy, { ...report, entries: entries.toSpliced(at, 1) })).toBe('incomplete');
    for (const at of epochs.keys()) expect(await refusal(policy, { ...report, epochs: epochs.toSpliced(at, 1) })).toBe('incomplete');
    for (const [at, epoch] of epochs.entries()) {
      const { index } = epoch;
      const without = (changed: object) => ({ ...report, epochs: epochs.with(at, { ...epoch, index: { ...index!, ...changed } }) });
      for (const k of index!.leaves.keys()) expect(await refusal(policy, without({ leaves: index!.leaves.toSpliced(k, 1) }))).toMatch(/notIncluded|incomplete/);
      for (const k of index!.hashes.keys()) expect(await refusal(policy, without({ hashes: index!.hashes.toSpliced(k, 1) }))).toBe('notIncluded');
      expect(await refusal(policy, without({ key: '00'.repeat(32) }))).toBe('incomplete');
      expect(await refusal(policy, { ...report, epochs: epochs.with(at, { ...epoch, index: null }) })).toBe('incomplete');
      const other = epochs[(at + 1) % epochs.length]!;
      expect(await refusal(policy, { ...report, epochs: epochs.with(at, { ...epoch, closed: other.closed }) })).toBe('incomplete');
      expect(await refusal(policy, { ...report, epochs: epochs.with(at, { ...epoch, index: other.index }) })).not.toBeNull();
      expect(await refusal(policy, { ...report, epochs: epochs.with(at, { ...epoch, closed: { ...epoch.closed, proof: other.closed.proof } }) })).toBe('notIncluded');
    }
    for (const [at, entry] of entries.entries()) {
      const other = entries[(at + 1) % entries.length]!;
      expect(await refusal(policy, { ...report, entries: entries.with(at, { ...entry, proof: other.proof }) })).toBe('notCommitted');
      expect(await refusal(policy, { ...report, entries: entries.with(at, { ...entry, fields: other.fields }) })).toBe('notCommitted');
      const closedField = entry.fields.map((field) => (field.name === 'requester' ? { name: 'requester', hash: 'ab'.repeat(32) } : field));
      expect(await refusal(policy, { ...report, entries: entries.with(at, { ...entry, fields: closedField }) })).toBe('notCommitted');
    }
    expect(await refusal(policy, { ...report, entries: entries.toReversed() })).toBeNull();
    expect(await refusal(policy, { ...report, entries: [...entries, entries[0]] })).toBe('incomplete');
    expect(await refusal(policy, { ...report, to: '2026-03-04' })).toBe('incomplete');
    expect(await verifyReport(nodeCrypto, policy, { ...report, from: '2026-02-01' })).toMatchObject({ begins: '2026-03-01' });
    expect(await refusal(policy, { ...report, epochs: [] })).toBe('incomplete');
    expect(await refusal(policy, { ...report, log: report.anchor })).toBe('malformed');
    expect(await refusal(policy, { ...report, log: report.log.replace(/\n7\n|\n10\n/, '\n11\n') })).toBe('badSignature');
    expect(await refusal(policy, { ...report, subjects: [] })).toBe('malformed');
    expect(await refusal(policy, { ...report, extra: 1 })).toBe('malformed');
    for (const other of ['no report', '[]', 'null', null, 7, [], {}]) expect(await refusal(policy, other)).toBe('malformed');
    expect(await refusal(policy, JSON.stringify(report))).toBeNull();
  });

  it('is refused where a field that belongs in it stays closed, though it is committed', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const report = await reportOf(ledger, folder, now, [licence(1)]);
    const first = report.entries[0]!;
    const fields = first.fields.map((field) => (field.name === 'requester' && 'text' in field ? { name: field.name, hash: createHash('sha256').update(`${field.salt}\n${field.name}\n${field.text}`).digest('hex') } : field));
    expect(await refusal(await ledger.policy('ZY'), { ...report, entries: report.entries.with(0, { ...first, fields }) })).toBe('incomplete');
  });

  it('counts what is withheld, and opens it by itself when the date has come', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const policy = await ledger.policy('ZY');
    const until = new Date(now + 10 * dayMs).toISOString();
    await ledger.append([await withheldEntry(ledger.reader, { owner: 'ZY', index: 2, until, order: '26-MC-1' }, now)]);
    const report = await reportOf(ledger, folder, now, [licence(1)]);
    expect(report.withheld).toEqual([{ index: 2, until }]);
    expect(report.entries.map(({ index }) => index)).toEqual([0, 6]);
    expect(JSON.stringify(report)).not.toContain('26-MC-1');
    expect(await refusal(policy, report)).toBeNull();
    expect(await refusal(policy, { ...report, withheld: [] })).toBe('incomplete');
    expect(await refusal(policy, { ...report, withheld: [{ index: 2, until: report.made }] })).toBe('incomplete');
    expect(await refusal(policy, { ...report, withheld: [...report.withheld, { index: 1, until }] })).toBe('incomplete');
    const later = await reportOf(ledger, folder, now + 11 * dayMs, [licence(1)]);
    expect(later.withheld).toEqual([]);
    expect(later.entries.map(({ index }) => index)).toEqual([0, 2, 6]);
    await ledger.append([await withheldEntry(ledger.reader, { owner: 'ZY', index: 2, until: new Date(begin).toISOString(), order: '26-MC-1' }, now)]);
    expect((await reportOf(ledger, folder, now, [licence(1)])).withheld).toEqual([]);
  });

  it('has the days after an erasure in it, shown by the anchor log alone', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const policy = await ledger.policy('ZY');
    const erased = (kind: string, day: string): SystemEntry => ({ type: 'system', v: 1, id: `x-${kind}-${day}`, at: new Date(now).toISOString(), event: 'erased', subject: `ZY ${day}`, hash: null, detail: { kind } });
    ledger.erase('zy', 2);
    await expect(reportOf(ledger, folder, now, [licence(1)])).rejects.toMatchObject({ code: 'EPOCH_RECORDS' });
    await ledger.append([erased('disclosure', '2026-03-01')]);
    const report = await reportOf(ledger, folder, now, [licence(1)]);
    expect(report.erased).toEqual([{ index: 2, day: '2026-03-01' }]);
    expect((await verifyReport(nodeCrypto, policy, report)).erased).toEqual([2]);
    expect(await refusal(policy, { ...report, erasures: [] })).toBe('incomplete');
    expect(await refusal(policy, { ...report, entries: report.entries.slice(1), erased: [...report.erased, { index: 0, day: '2026-02-28' }] })).toBe('incomplete');
    await ledger.append([erased('other', '2026-03-01'), erased('index', '2026-03-01')]);
    await rm(join(folder, 'epochs/zy/2026-03-01'));
    const later = await reportOf(ledger, folder, now, [licence(1)]);
    const verified = await verifyReport(nodeCrypto, policy, later);
    expect(verified).toMatchObject({ erasedDays: ['2026-03-01'], days: 2 });
    expect(verified.entries.map(({ index }) => index)).toEqual([6]);
    expect(await refusal(policy, { ...later, erasures: [] })).toBe('incomplete');
  });

  it('is refused where the proofs are those of somebody else, and so do not show the tag', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const report = await reportOf(ledger, folder, now, [licence(1)]);
    const other = await reportOf(ledger, folder, now, [licence(2)]);
    expect(await refusal(await ledger.policy('ZY'), { ...report, epochs: other.epochs, entries: [] })).toBe('incomplete');
  });

  it('is refused where an owner left an entry between two indices', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const said = ledger.log('anchor')[1]!.entry as SystemEntry;
    const facts = await readFacts(ledger.reader, null);
    const [first, second, third] = facts.epochs.get('ZY')!;
    // The second day as if it began one entry later, anchored as such.
    const made = await buildEpoch({ reader: ledger.reader, keys: sampleKeys, facts }, { ...second!, from: second!.from + 1 });
    await keepEpoch(folder, made);
    await ledger.append([{ ...said, hash: made.facts.root, detail: { from: made.facts.from, to: made.facts.to, tags: made.facts.tags } }]);
    const lying = { ...facts, epochs: new Map([['ZY', [first!, { ...made.facts, anchor: ledger.log('anchor').length - 1 }, third!]]]) };
    const report = await makeReport({ owner: 'ZY', subjects: [licence(2)], from: '2026-03-01', to: '2026-03-03', who: 'R-1', reader: ledger.reader, keys: sampleKeys, epochs: folder, facts: lying, withheld: noWithheld, tree: ledger.tree, now }, ledger);
    expect(report.entries.map(({ index }) => index)).toEqual([1]);
    expect(await refusal(await ledger.policy('ZY'), report)).toBe('incomplete');
  });

  it('is refused where too few witnesses confirmed the logs', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    const report = await reportOf(ledger, folder, now, [licence(1)]);
    const policy = await ledger.policy('ZY');
    const key = parseVkey(await formatVkey(nodeCrypto, 'w.example.org', 4, Buffer.alloc(32, 9)));
    expect(await refusal({ ...policy, witnesses: [{ name: 'w', key, url: null }], quorum: 'w' }, report)).toBe('noQuorum');
    expect(await refusal({ ...policy, logs: [] }, report)).toBe('unsigned');
  });

  it.each([
    [{ who: 'Alex Sample' }, 'REPORT'], [{ who: 'sample' }, 'REPORT'], [{ subjects: [] }, 'REPORT'], [{ from: '2026-03-09' }, 'REPORT'], [{ from: '2026-02-30' }, 'REPORT'],
    [{ to: '2026-03-04' }, 'EPOCH_OPEN'], [{ from: '2026-01-01', to: '2026-02-01' }, 'REPORT'], [{ owner: 'ZX' }, 'EPOCH_OPEN'],
  ] as const)('is not made of %j', async (changed, code) => {
    const { ledger, folder, now } = await closed(threeDays);
    const facts = await readFacts(ledger.reader, null);
    const before = ledger.log('zy').length;
    const options = { owner: 'ZY', subjects: [licence(1)], from: '2026-03-01', to: '2026-03-03', who: 'R-1', reader: ledger.reader, keys: sampleKeys, epochs: folder, facts, withheld: noWithheld, tree: ledger.tree, now };
    await expect(makeReport({ ...options, ...changed }, ledger)).rejects.toMatchObject({ code });
    expect(ledger.log('zy').length).toBe(before);
  });

  it('is told in a letter, which names nobody', async () => {
    const { ledger, folder, now } = await closed(threeDays);
    await ledger.append([await withheldEntry(ledger.reader, { owner: 'ZY', index: 2, until: new Date(now + dayMs).toISOString(), order: '26-MC-1' }, now)]);
    const letter = reportLetter(await reportOf(ledger, folder, now, [licence(1)]), () => 'Example Police');
    expect(letter).toContain('2 look-ups are shown.');
    expect(letter).toContain('On March 1, 2026 Example Police (ZX0010000) asked');
    expect(letter).toContain('withheld by an order until');
    expect(letter).not.toContain('26-MC-1');
    expect(Math.max(...letter.split('\n').map((line) => line.length))).toBeLessThanOrEqual(96);
  });
});

describe('closing days', () => {
  it('closes every day that is over once, empty ones too, and goes on where it was', async () => {
    const { ledger, folder, now } = await closed([[[1]], [], [[2]]]);
    const first = await readFacts(ledger.reader, { place: folder });
    expect(first.epochs.get('ZY')!.map(({ day, from, to, tags }) => [day, from, to, tags])).toEqual([['2026-03-01', 0, 1, 1], ['2026-03-02', 1, 1, 0], ['2026-03-03', 1, 2, 1]]);
    expect(await close(ledger, folder, now)).toEqual([]);
    await ledger.append([decision(now, 50, licence(3))]);
    expect(await close(ledger, folder, now)).toEqual([]);
    expect(await close(ledger, folder, Date.parse('2026-03-05T00:09:59.000Z'))).toEqual([]);
    expect((await close(ledger, folder, Date.parse('2026-03-05T00:10:00.000Z'))).map(({ day, from, to }) => [day, from, to])).toEqual([['2026-03-04', 2, 3]]);
    expect((await readFacts(ledger.reader, { place: folder })).epochs).toEqual((await readFacts(ledger.reader, null)).epochs);
  });

  it('closes nothing of an owner without entries', async () => {
    const ledger = new SampleLedger(begin);
    expect(await close(ledger, await place(), begin)).toEqual([]);
  });

  it('puts an entry that came late into the next day, so that none is in no index', async () => {
    const { ledger, folder, now } = await closed([[[1]]]);
    ledger.now = begin;
    await ledger.append([decision(begin, 9, licence(1))]);
    ledger.now = now;
    await close(ledger, folder, now + dayMs);
    const report = await reportOf(ledger, folder, now + dayMs, [licence(1)], '2026-03-01', '2026-03-02');
    expect((await verifyReport(nodeCrypto, await ledger.policy('ZY'), report)).entries.map(({ index }) => index)).toEqual([0, 1]);
  });

  it('closes no day of which an entry cannot be read', async () => {
    const ledger = new SampleLedger(begin);
    for (const n of [0, 1, 2]) await ledger.append([decision(begin, n, licence(n))]);
    ledger.erase('zy', 1);
    await expect(close(ledger, await place(), begin + dayMs)).rejects.toMatchObject({ code: 'EPOCH_RECORDS' });
  });

  it('takes two processes that closed the same day for one, and refuses two that said otherwise', async () => {
    const { ledger } = await closed(threeDays);
    const said = ledger.log('anchor')[1]!.entry as SystemEntry;
    await ledger.append([said]);
    expect((await readFacts(ledger.reader, null)).epochs.get('ZY')!.length).toBe(3);
    await ledger.append([{ ...said, hash: 'ab'.repeat(32) }]);
    await expect(readFacts(ledger.reader, null)).rejects.toMatchObject({ code: 'ANCHOR' });
  });

  it('does not use a cache that was altered', async () => {
    const { ledger, folder } = await closed(threeDays);
    const facts = await readFacts(ledger.reader, { place: folder });
    const path = join(folder, 'epochs/anchor.cache');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"from":0', '"from":1'));
    expect(await readFacts(ledger.reader, { place: folder })).toEqual(facts);
    await writeFile(path, 'nothing');
    expect(await readFacts(ledger.reader, { place: folder })).toEqual(facts);
    expect(await readFacts(new SampleLedger(begin).reader, { place: folder })).toMatchObject({ erasures: [], holds: [] });
  });
});

describe('an auditor with the opened entries', () => {
  /** An owner who keeps some pairs of tag and entry out of the index, or puts some in, and anchors that. */
  async function dishonest(change: (pairs: [Buffer, number][]) => [Buffer, number][]): Promise<{ ledger: SampleLedger; folder: string; index: EpochIndex; key: Buffer }> {
    const ledger = new SampleLedger(begin);
    const folder = await place();
    for (let n = 0; n < 20; n += 1) await ledger.append([decision(begin, n, licence(n % 7), [licence(n % 3)])]);
    const key = sampleKeys.epochKey('ZY', '2026-03-01');
    const blind = blinder(key);
    const pairs = new Pairs();
    for (const [tag, at] of change(ledger.log('zy').flatMap(({ entry, index }) => tagsOf(entry).map((tag): [Buffer, number] => [blind(tag), index])))) pairs.add(tag, at);
    const made = makeEpoch({ owner: 'ZY', day: '2026-03-01', from: 0, to: 20 }, pairs);
    await keepEpoch(folder, made);
    return { ledger, folder, index: EpochIndex.open(folder, made.facts), key };
  }

  it('finds nothing where the index is honest', async () => {
    const { ledger, index, key } = await dishonest((pairs) => pairs);
    expect(await checkEpoch(index, key, ledger.log('zy'), { whole: true })).toEqual([]);
    const facts = await readFacts(ledger.reader, null);
    expect((await buildEpoch({ reader: ledger.reader, keys: sampleKeys, facts }, index.facts)).facts).toEqual(index.facts);
    index.close();
  });

  it('finds the entry that was left out, with all entries or with that one', async () => {
    const { ledger, index, key } = await dishonest((pairs) => pairs.filter(([, at]) => at !== 8));
    const found = await checkEpoch(index, key, ledger.log('zy'), { whole: true });
    expect(found).toContainEqual({ kind: 'leftOut', index: 8 });
    expect(found.every((one) => one.kind !== 'leftOut' || one.index === 8)).toBe(true);
    expect(found.at(-1)!.kind).toBe('otherRoot');
    expect(await checkEpoch(index, key, [ledger.log('zy')[8]!], { whole: false })).toContainEqual({ kind: 'leftOut', index: 8 });
    expect(await checkEpoch(index, key, [ledger.log('zy')[9]!], { whole: false })).toEqual([]);
    index.close();
  });

  it('finds an entry that stands under a tag that it does not have', async () => {
    const { ledger, index, key } = await dishonest((pairs) => [...pairs, [Buffer.alloc(32, 7), 5]]);
    expect(await checkEpoch(index, key, ledger.log('zy'), { whole: true })).toMatchObject([{ kind: 'notThere', index: 5 }, { kind: 'otherRoot' }]);
    index.close();
  });
});

describe('what a resident gives', () => {
  it('is looked for in all forms that an inquiry may have', () => {
    const subjects = residentSubjects({
      licences: ['zyl 1'], plates: [{ plate: 'abc 123', types: ['TK'] }], vins: [{ vin: '1abc', make: 'FORD', year: null }],
      people: [{ name: { surname: 'Sample', given: 'Alex', middle: 'Jay' }, birthDate: '1980-02-29' }],
    }, '2026-01-01', '2026-12-31');
    const texts = subjects.map((one) => JSON.stringify(one));
    expect(new Set(texts).size).toBe(texts.length);
    for (const wanted of [
      licence(1), { kind: 'plate', plate: 'ABC123', plateYear: '2026', plateType: 'PC' }, { kind: 'plate', plate: 'ABC123', plateYear: null, plateType: null }, { kind: 'plate', plate: 'ABC123', plateYear: 'NX', plateType: 'TK' },
      { kind: 'vin', vin: '1ABC', make: null, year: null }, { kind: 'vin', vin: '1ABC', make: 'FORD', year: null },
      { kind: 'person', name: { surname: 'SAMPLE', given: 'ALEX', middle: 'JAY' }, birthDate: '1980-02-29', sex: null }, { kind: 'person', name: { surname: 'SAMPLE', given: 'ALEX', middle: '' }, birthDate: '1980-02-29', sex: 'X' },
      { kind: 'name', name: { surname: 'SAMPLE', given: 'ALEX', middle: 'J' } }, { kind: 'owner', name: { surname: 'SAMPLE', given: 'ALEX', middle: '' } },
    ]) expect(texts).toContain(JSON.stringify(wanted));
  });

  it.each([
    { licences: [], plates: [], vins: [], people: [] }, { licences: ['**'], plates: [], vins: [], people: [] },
    { licences: [], plates: [], vins: [], people: [{ name: { surname: 'S', given: '', middle: '' }, birthDate: '1980-02-29' }] },
    { licences: [], plates: [], vins: [], people: [{ name: { surname: 'SAMPLE', given: '', middle: '' }, birthDate: '1980' }] },
  ])('is refused where nothing can be looked for: %j', (given) => {
    expect(() => residentSubjects(given, '2026-01-01', '2026-12-31')).toThrow(expect.objectContaining({ code: 'REPORT' }) as Error);
  });
});
