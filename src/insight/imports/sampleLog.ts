import type { Reason, Refusal } from './reasons.ts';

/** An invented log of a state switch, with lines spoiled on purpose: whoever makes it knows exactly what has to become of each line. */

/** The ways in which a line is spoiled; each line in one way. */
export const spoilings = [
  'badTime', 'timeOutOfRange', 'missingOri', 'malformedOri', 'unknownKey', 'wrongColumns', 'badQuote', 'badEncoding', 'tooLong', 'duplicate',
  'timeInGap', 'wrongOwner', 'unknownStatus', 'missingTime', 'missingKey', 'blank', 'comment', 'header',
] as const satisfies readonly Reason[];
export type Spoiling = (typeof spoilings)[number];

/** The ten of issue 5. */
export const tenSpoilings: readonly Spoiling[] = spoilings.slice(0, 10);

export interface SampleLogOptions {
  readonly lines: number;
  /** One line in so many is spoiled. */
  readonly every: number;
  readonly ways: readonly Spoiling[];
  readonly seed: number;
  /** ORIs that ask; the first are met most often. */
  readonly oris: readonly string[];
  readonly longest?: number;
}

export interface SampleLog {
  /** The file in pieces of some hundred kilobytes. */
  readonly pieces: Iterable<Buffer>;
  /** Complete once all pieces were taken. */
  readonly expected: ReadonlyMap<Reason, number>;
  /** The numbers of the lines that are archived, from 0, where `numbers` was asked for. */
  readonly archived: readonly number[];
}

export const sampleMapping = `log: 1
about: Invented log of a state switch
format: csv
skip: { comments: ["#"] }
time: { columns: [DATE, TIME], form: "YYYYMMDD HHmmss.SSS", zone: America/Los_Angeles }
ori: ORI
owner: DST
key: { column: TRAN, values: { DL: DQ, HIST: KQ, REG: RQ } }
purpose: { column: PUR, values: { "1": trafficEnforcement, "2": criminalInvestigation } }
caseNumber: CASE
user: USER
subject:
  - { kind: licence, number: OLN }
  - { kind: person, name: { full: NAM }, birthDate: DOB, birthDateForm: YYYYMMDD, sex: SEX }
image: IMQ
status: { column: STAT, values: { HIT: answered, NOHIT: noRecord, DENY: refused } }
records: N
`;

const header = 'DATE,TIME,ORI,DST,TRAN,PUR,CASE,USER,NAM,DOB,SEX,OLN,IMQ,STAT,N,NO';

/** Times go once through 2025, so that both changes of the clocks lie in it. */
export function sampleLog({ lines, every, ways, seed, oris, longest = 65_536 }: SampleLogOptions, numbers = false): SampleLog {
  const expected = new Map<Reason, number>();
  const archived: number[] = [];
  const count = (reason: Reason): void => { expected.set(reason, (expected.get(reason) ?? 0) + 1); };
  const random = randomOf(seed);
  const year = Date.UTC(2026, 0, 1) - Date.UTC(2025, 0, 1);
  const long = Buffer.from(`${'X'.repeat(longest + 1)}\n`);
  const good = (line: number): string[] => goodLine(line, Date.UTC(2025, 0, 1) + Math.floor((line / lines) * year), oris, random);
  function* pieces(): Generator<Buffer> {
    let text = `${header}\n`;
    count('header');
    let last = '';
    let spoiled = 0;
    for (let line = 1; line < lines; line += 1) {
      const way = line % every === 0 ? ways[spoiled++ % ways.length] : undefined;
      if (way === undefined || (way === 'duplicate' && last === '')) {
        last = good(line).join(',');
        count('archived');
        if (Number(last.slice(0, 8)) === 20251102 && last.slice(9, 11) === '01') count('timeTwice');
        if (numbers) archived.push(line);
        text += `${last}\n`;
      } else {
        count(way);
        if (way === 'badEncoding' || way === 'tooLong') {
          yield Buffer.from(text);
          text = '';
          yield way === 'tooLong' ? long : Buffer.concat([Buffer.from(good(line).join(',')), Buffer.of(0xff, 0xfe, 0x0a)]);
        } else text += `${spoil(way, good(line), last)}\n`;
      }
      if (text.length > 400_000) {
        yield Buffer.from(text);
        text = '';
      }
    }
    if (text !== '') yield Buffer.from(text);
  }
  return { pieces: { [Symbol.iterator]: pieces }, expected, archived };
}

function goodLine(line: number, at: number, oris: readonly string[], random: () => number): string[] {
  let local = new Date(at);
  // No clock of Los Angeles showed these times.
  if (local.getUTCMonth() === 2 && local.getUTCDate() === 9 && local.getUTCHours() === 2) local = new Date(at + 3_600_000);
  const text = local.toISOString();
  const ori = oris[Math.floor(random() ** 3 * oris.length)] ?? '';
  const named = random() < 0.3;
  const surname = surnames[Math.floor(random() * surnames.length)] ?? '';
  return [
    text.slice(0, 10).replaceAll('-', ''), `${text.slice(11, 19).replaceAll(':', '')}.${text.slice(20, 23)}`, ori, 'WA', ['DL', 'DL', 'DL', 'REG', 'HIST'][Math.floor(random() * 5)] ?? 'DL', ['', '', '1', '2'][Math.floor(random() * 4)] ?? '',
    random() < 0.3 ? `C${line}` : '', `u${Math.floor(random() * 40)}`, named ? `"${surname},ALEX ${String.fromCharCode(65 + (line % 26))}"` : '', named ? '19800102' : '', named ? 'F' : '', named ? '' : `L${Math.floor(random() * 5_000_000)}`,
    random() < 0.1 ? 'Y' : 'N', random() < 0.05 ? 'NOHIT' : 'HIT', '1', String(line),
  ];
}

function spoil(way: Exclude<Spoiling, 'badEncoding' | 'tooLong'>, cells: string[], last: string): string {
  const put = (place: number, text: string): string => cells.map((cell, at) => (at === place ? text : cell)).join(',');
  switch (way) {
    case 'badTime': return put(0, '20251332');
    case 'timeOutOfRange': return put(0, '19420101');
    case 'missingTime': return ['', '', ...cells.slice(2)].join(',');
    case 'timeInGap': return ['20250309', '023000.000', ...cells.slice(2)].join(',');
    case 'missingOri': return put(2, ' ');
    case 'malformedOri': return put(2, 'WA-123');
    case 'wrongOwner': return put(3, 'OR');
    case 'unknownKey': return put(4, 'GUN');
    case 'missingKey': return put(4, '');
    case 'unknownStatus': return put(13, '??');
    case 'wrongColumns': return cells.slice(0, 9).filter((cell) => !cell.includes('"')).join(',');
    case 'badQuote': return put(8, '"HALF,A QUOTE');
    case 'duplicate': return last;
    case 'blank': return '  ';
    case 'comment': return '# nothing';
    case 'header': return header;
  }
}

/** What a refusal of a line of this log is called; the others are no refusals. */
export function isRefusal(reason: Reason): reason is Refusal {
  return !['archived', 'duplicate', 'blank', 'comment', 'header', 'timeTwice'].includes(reason);
}

const surnames = ['HOLLOW', 'ARKWELL', 'PENHALLOW', 'REEDMACE', 'TARNSIDE', 'WILLOWBANK', 'MOSSGROVE', 'FENWATER'];

/** Mulberry32: the same numbers everywhere for a seed. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
