import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delimited, fixedWidth, leading, members } from './cells.ts';
import { Cutter } from './cutter.ts';
import { lineFramer, messageFramer, quotedFramer, type Framer } from './frames.ts';
import { mappingOf, testRegistry } from './cases.ts';
import { readMapping } from './mapping.ts';
import { Oris } from './oris.ts';
import { sampleMapping } from './sampleLog.ts';
import { Seen } from './seen.ts';
import { timeReader, type ReadTime } from './timeFormat.ts';
import { zoneOf } from './zones.ts';

const into: ReadTime = { local: 0, offset: NaN };
const time = (form: string, text: string): string | null => (timeReader(form)(text, into) ? new Date(into.local - (Number.isNaN(into.offset) ? 0 : into.offset)).toISOString() : null);

describe('a time', () => {
  it.each([
    ['YYYY-MM-DD HH:mm:ss', '2025-02-28 23:59:59', '2025-02-28T23:59:59.000Z'], ['YYYYMMDD HHmmss.SSS', '20240229 000000.5', '2024-02-29T00:00:00.500Z'], ['M/D/YYYY h:mm A', '3/4/2025 12:05 am', '2025-03-04T00:05:00.000Z'],
    ['M/D/YYYY h:mm A', '12/31/2025 1:05 PM', '2025-12-31T13:05:00.000Z'], ['YYYYDDD HHmm', '2024366 0000', '2024-12-31T00:00:00.000Z'], ['DD-MMM-YY', '01-mar-25', '2025-03-01T00:00:00.000Z'],
    ['YYYY-MM-DDTHH:mm:ssZ', '2025-01-01T00:00:00-0800', '2025-01-01T08:00:00.000Z'], ['iso', '2025-01-01T00:00:00.123456+01:00', '2024-12-31T23:00:00.123Z'], ['unix', '1735689600.25', '2025-01-01T00:00:00.250Z'], ['unixMs', '1735689600000', '2025-01-01T00:00:00.000Z'],
  ])('%s reads %s', (form, text, expected) => expect(time(form, text)).toBe(expected));

  it.each([
    ['YYYY-MM-DD', '2025-02-29'], ['YYYY-MM-DD', '2025-13-01'], ['YYYY-MM-DD', '2025-01-01 '], ['YYYY-MM-DD', '2025-1-01'], ['YYYYDDD', '2025366'], ['YYYYDDD', '2025000'], ['YYYY-MM-DD HH:mm', '2025-01-01 24:00'],
    ['M/D/YYYY h:mm A', '1/1/2025 13:00 PM'], ['M/D/YYYY h:mm A', '1/1/2025 0:00 AM'], ['iso', '2025-01-01T00:00:00+99:00'], ['unix', '-1'], ['YYYY-MM-DD', ''],
  ])('%s does not read %s', (form, text) => expect(time(form, text)).toBeNull());

  it.each(['HH:mm', 'YYYY', 'YYYY-MM-DD hh:mm', 'MM-DD'])('%s is no form', (form) => expect(() => timeReader(form)).toThrow(RangeError));
});

describe('a zone', () => {
  const zone = zoneOf('America/Los_Angeles');
  const utc = (text: string): string | null => { const at = zone.toUtc(Date.parse(`${text}Z`)); return Number.isNaN(at) ? null : new Date(at).toISOString().slice(0, 16); };

  it('knows the hour that is not there and the hour that is there twice', () => {
    expect([utc('2025-03-09T01:59'), utc('2025-03-09T02:00'), utc('2025-03-09T02:59'), utc('2025-03-09T03:00')]).toEqual(['2025-03-09T09:59', null, null, '2025-03-09T10:00']);
    expect([utc('2025-11-02T00:59'), utc('2025-11-02T01:00'), utc('2025-11-02T01:59'), utc('2025-11-02T02:00')]).toEqual(['2025-11-02T07:59', '2025-11-02T08:00', '2025-11-02T08:59', '2025-11-02T10:00']);
    expect([zone.second(Date.parse('2025-11-02T01:30Z')), zone.second(Date.parse('2025-11-02T02:00Z')), zone.second(Date.parse('2025-06-01T00:00Z'))]).toEqual([Date.parse('2025-11-02T09:30Z'), NaN, NaN]);
  });

  it('reads back every moment, in any zone', () => {
    const zones = ['America/Los_Angeles', 'America/New_York', 'America/Phoenix', 'Pacific/Honolulu', 'America/St_Johns', 'Australia/Lord_Howe', 'UTC', '-08:00', '+0530'];
    fc.assert(fc.property(fc.constantFrom(...zones), fc.integer({ min: Date.UTC(1990, 0, 2), max: Date.UTC(2090, 0, 1) }), (name, at) => {
      const one = zoneOf(name);
      const offset = /^[+-]/.test(name) ? (name === '-08:00' ? -480 : 330) * 60_000 : Date.parse(`${new Date(at).toLocaleString('sv-SE', { timeZone: name })}Z`) - Math.floor(at / 1000) * 1000;
      const local = at + offset;
      return one.toUtc(local) === at || one.second(local) === at;
    }), { numRuns: 300 });
  });

  it.each(['Mars/Olympus', '+99:00', '', 'WHERE'])('%s is none', (name) => expect(() => zoneOf(name)).toThrow(RangeError));
});

describe('cells', () => {
  it('reads back what RFC 4180 writes', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: fc.constantFrom('a', ',', '"', ' ', 'é', '\n') }), { minLength: 1, maxLength: 6 }), (cells) => {
      const text = cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
      expect(delimited(text, ',', '"', cells.length)).toEqual(cells);
    }));
  });

  it.each([['a,"b', 'badQuote'], ['a,b"c', 'badQuote'], ['"a"b,c', 'badQuote'], ['a', 'wrongColumns'], ['a,b,c', 'wrongColumns']])('%s is %s', (text, reason) => expect(delimited(text, ',', '"', 2)).toBe(reason));

  it('of other layouts', () => {
    expect(leading('a b c d', ' ', 3)).toEqual(['a', 'b', 'c d']);
    expect(leading('a b', ' ', 3)).toBe('wrongColumns');
    expect(fixedWidth('abcdef', [{ start: 2, length: 2 }, { start: 6, length: 9 }, { start: 9, length: 1 }], 3)).toEqual(['bc', 'f', '']);
    expect(members('{"a":{"b":1},"c":["x","y"],"d":null}', [['a', 'b'], ['c'], ['d'], ['e', 'f'], ['__proto__']])).toEqual(['1', 'x\ny', '', '', '']);
    for (const text of ['[1]', '"x"', 'null', '{', '']) expect(members(text, [])).toBe('badJson');
  });
});

describe('entries are the same however the bytes come', () => {
  const framers: readonly [string, Framer][] = [['lines', lineFramer(50)], ['quoted', quotedFramer(50, 34, 5)], ['etx', messageFramer(50, 'etx')], ['blank', messageFramer(50, 'blank')]];
  it.each(framers)('%s', (_, framer) => {
    const piece = fc.constantFrom('a', '"', '\n', '\r\n', '\u0003\r\n', '\n\n', 'é', 'x'.repeat(30), 'y'.repeat(120));
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }), (pieces, steps) => {
      const bytes = Buffer.from(pieces.join(''));
      const cut = (sizes: readonly number[]): { texts: (string | null)[]; lines: number; offset: number } => {
        const cutter = new Cutter(framer, 'utf-8', 50);
        const found = { texts: [] as (string | null)[], lines: 0, offset: 0 };
        let step = 0;
        for (let at = 0; at < bytes.length;) {
          const to = Math.min(bytes.length, at + (sizes[step++ % sizes.length] ?? 1));
          cutter.feed(Buffer.from(bytes.subarray(at, to)), to === bytes.length, (one) => { found.texts.push(one.tooLong ? 'LONG' : one.text); found.lines += one.lines; });
          at = to;
        }
        return { ...found, offset: cutter.offset };
      };
      const whole = cut([bytes.length + 1]);
      const parts = cut(steps);
      const newlines = bytes.toString().split('\n').length - (bytes.length === 0 || bytes.at(-1) === 10 ? 1 : 0);
      expect([whole.lines, parts.lines]).toEqual([newlines, newlines]);
      expect([whole.offset, parts.offset]).toEqual([bytes.length, bytes.length]);
      // Where no line is too long, the entries do not depend on the chunks either.
      if (!bytes.toString().split('\n').some((line) => line.length > 49) && bytes.length < 50) expect(parts.texts).toEqual(whole.texts);
    }), { numRuns: 300 });
  });
});

describe('an ORI', () => {
  const oris = new Oris(testRegistry, 'WA');
  it('is mended only where that is certain', () => {
    expect(oris.find('WA0010100')).toMatchObject({ ori: 'WA0010100', mended: null, unplaced: null });
    expect(oris.find('wa0010100')).toMatchObject({ ori: 'WA0010100', mended: 'oriMended', unplaced: null });
    expect(oris.find('WA00201')).toMatchObject({ ori: 'WA00201ZZ', mended: 'oriPadded' });
    expect(oris.find('WA99999')).toBeNull();
    expect(oris.find('WA0030100')).toMatchObject({ unplaced: 'inactiveOri', requester: null });
    expect(oris.find('OR9990000')).toMatchObject({ unplaced: 'unknownOri' });
  });

  it.each(['PENHALLOW', 'WA001010', '0A0010100', 'WA00101000', 'ＷA0010100', 'WA-010100'])('%s is none', (text) => expect(oris.find(text)).toBeNull());
});

describe('what was seen', () => {
  it('is known again within the window, also by a later run', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 20 }), fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 120 }), (within, numbers) => {
      const [one, kept] = [new Seen(within), new Map<number, number[]>()];
      const tag = (value: number): string => value.toString(16).padStart(8, '0').repeat(2);
      const added: number[] = [];
      for (const value of numbers) {
        const fresh = one.add(tag(value));
        if (added.slice(-within).includes(value)) expect(fresh).toBe(false);
        if (!added.includes(value)) expect(fresh).toBe(true);
        if (fresh) added.push(value);
      }
      for (const { generation, hashes } of one.added()) kept.set(generation, [...(kept.get(generation) ?? []), ...hashes]);
      const other = new Seen(within);
      other.restore(one.generation, Uint32Array.from(kept.get(one.generation - 1) ?? []), Uint32Array.from(kept.get(one.generation) ?? []));
      expect(other.counts).toEqual(one.counts);
      for (const value of added.slice(-within)) expect(other.add(tag(value))).toBe(false);
    }));
  });
});

describe('a mapping', () => {
  it.each([
    ['', 'notAMap'], ['log: [', 'notYaml'], ['x'.repeat(300_000), 'tooLarge'], [sampleMapping.replace('ori: ORI\n', ''), 'missing'], [sampleMapping.replace('ori:', 'oir:'), 'unknownKey'], [sampleMapping.replace('America/Los_Angeles', 'Pacific'), 'badZone'],
    [sampleMapping.replace('YYYYMMDD HHmmss.SSS', 'HHmmss'), 'badForm'], [sampleMapping.replace(', zone: America/Los_Angeles', ''), 'missing'], [sampleMapping.replace('DQ', 'DX'), 'unknownWord'], [sampleMapping.replace('csv', 'fixed'), 'missing'], [`${sampleMapping}fixed: { columns: { A: [1, 2] } }\n`, 'notHere'],
    [sampleMapping.replace('format: csv', 'format: csv\ncsv: { header: false, columns: [DATE, TIME] }'), 'unknownColumn'], [`${sampleMapping}duplicates: { by: id }\n`, 'missing'], [sampleMapping.replace('log: 1', 'log: 2'), 'badValue'],
    [sampleMapping.replace('records: N', 'released: { column: N, values: { P: picture } }'), 'unknownWord'], [sampleMapping.replace('form: "', 'earliest: 2026-01-01, latest: 2025-01-01, form: "'), 'badValue'],
  ])('%#: %.20s… is refused, with a line', (text, code) => {
    const reading = readMapping(text);
    expect(reading.ok ? [] : reading.problems.map((one) => one.code)).toContain(code);
    expect(reading.ok ? 0 : reading.problems[0]?.line).toBeGreaterThan(0);
  });

  it('of the sample is one', () => expect(mappingOf(sampleMapping).format).toBe('csv'));

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), fc.integer({ min: 0, max: sampleMapping.length }), fc.integer({ min: 0, max: 20 }), (text, at, drop) => {
      readMapping(sampleMapping.slice(0, at) + text + sampleMapping.slice(at + drop));
    }), { numRuns: 200 });
  });
});
