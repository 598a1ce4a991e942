/**
 * Mutates valid messages of the three codecs and checks what must hold for any bytes at all:
 * nothing throws, nothing takes over 50 ms, a fault echoes at most 100 visible characters, and no input is accepted that
 * encodes again to something else, in its own format or in another that can carry it.
 *
 *   node dist/bench/fuzz-wire.js --count 1000000 --seed 1
 *
 * Exit 1 with a finding, whose input is made as short as it goes and printed in hexadecimal.
 */
import { isDeepStrictEqual, parseArgs } from 'node:util';
import fc from 'fast-check';
import { emptyExtension, type DirectoryInquiry, type Inquiry, type WireFormat } from '../src/model/index.ts';
import { anyInquiry, directoryInquiries } from '../src/wire/cases.ts';
import { decode, decodeAnswer, encodeInquiry } from '../src/wire/index.ts';

const formats: readonly WireFormat[] = ['legacy', 'niem', 'json'];
const limitMs = 50;

const { values } = parseArgs({ options: { count: { type: 'string', default: '100000' }, seed: { type: 'string', default: '1' } } });

interface Tally {
  accepted: number;
  rejected: number;
  over: number;
  slowest: number;
  readonly codes: Map<string, number>;
}

function run(count: number, seed: number): number {
  const random = generator(seed);
  const seeds = corpus(seed);
  const tallies = new Map<WireFormat, Tally>(formats.map((format) => [format, { accepted: 0, rejected: 0, over: 0, slowest: 0, codes: new Map() }]));
  const started = performance.now();
  let findings = 0;
  for (let i = 0; i < count && findings < 10; i += 1) {
    const format = formats[i % 3] ?? 'json';
    const body = mutate(pick(seeds.get(format) ?? [], random), seeds.get(format) ?? [], format, random);
    const tally = tallies.get(format);
    if (tally === undefined) continue;
    const problem = check(format, body, tally);
    if (problem !== null) {
      findings += 1;
      const short = shrink(body, (smaller) => check(format, smaller, fresh()) !== null);
      console.log(`FINDING ${format}: ${problem}\n  ${Buffer.from(short).toString('hex')}`);
    }
  }
  const seconds = (performance.now() - started) / 1000;
  for (const [format, tally] of tallies) {
    const codes = [...tally.codes].sort((a, b) => b[1] - a[1]).map(([code, times]) => `${code} ${times}`).join(', ');
    console.log(`${format}: accepted ${tally.accepted}, rejected ${tally.rejected}, slowest ${tally.slowest.toFixed(2)} ms, over ${limitMs} ms ${tally.over} (${codes})`);
  }
  const { rss } = process.memoryUsage();
  console.log(`fuzz-wire: ${count} messages, seed ${seed}, ${seconds.toFixed(0)} s, ${Math.round(rss / 1e6)} MB, findings ${findings}`);
  return findings === 0 ? 0 : 1;
}

/** Null where all holds, else what does not. */
function check(format: WireFormat, body: Uint8Array, tally: Tally): string | null {
  try {
    const started = performance.now();
    const read = decode(format, body);
    const took = performance.now() - started;
    if (took > tally.slowest) {
      // Once more, so that a pause of the collector is not taken for a slow input.
      const real = Math.min(took, timed(format, body), timed(format, body));
      tally.slowest = Math.max(tally.slowest, real);
      if (real > limitMs) {
        tally.over += 1;
        return `took ${real.toFixed(0)} ms`;
      }
    }
    if (!read.ok) {
      tally.rejected += 1;
      tally.codes.set(read.fault.code, (tally.codes.get(read.fault.code) ?? 0) + 1);
      if (read.fault.code === 'internal') return 'an inner error';
      if (read.fault.echo.length > 100 || /\p{Cc}/u.test(read.fault.echo + (read.fault.at ?? ''))) return 'the echo is too long or has control characters';
      return null;
    }
    tally.accepted += 1;
    for (const other of formats) {
      if (other !== format && !carries(other, read.value)) continue;
      const again = decode(other, new TextEncoder().encode(encodeInquiry(other, read.value)));
      if (!isDeepStrictEqual(again, read)) return `accepted as ${JSON.stringify(read.value)}, but in ${other} it is ${JSON.stringify(again)}`;
    }
    // The reader of clients must stand any text too.
    decodeAnswer(format, new TextDecoder().decode(body));
    return null;
  } catch (error) {
    return `threw ${error instanceof Error ? (error.stack ?? error.message) : 'something'}`;
  }
}

function timed(format: WireFormat, body: Uint8Array): number {
  const started = performance.now();
  decode(format, body);
  return performance.now() - started;
}

/** Legacy text has no extension; both formats of the network need a plate with year and type, and a person with sex. */
function carries(format: WireFormat, inquiry: Inquiry | DirectoryInquiry): boolean {
  if (format === 'json' || inquiry.key === 'TQ') return true;
  if (format === 'legacy' && !isDeepStrictEqual(inquiry.extension, emptyExtension)) return false;
  const { subject } = inquiry;
  if (subject.kind === 'plate') return subject.plateYear !== null && subject.plateType !== null;
  return subject.kind !== 'person' || subject.sex !== null || inquiry.key === 'DQG';
}

function corpus(seed: number): ReadonlyMap<WireFormat, readonly Uint8Array[]> {
  const encoder = new TextEncoder();
  const sample = (complete: boolean, extended: boolean) => fc.sample(anyInquiry({ complete, extended }), { numRuns: 300, seed });
  const directory = fc.sample(directoryInquiries, { numRuns: 30, seed });
  return new Map<WireFormat, readonly Uint8Array[]>([
    ['legacy', [...sample(true, false), ...directory].map((one) => encoder.encode(encodeInquiry('legacy', one)))],
    ['niem', [...sample(true, true), ...sample(true, false), ...directory].map((one) => encoder.encode(encodeInquiry('niem', one)))],
    ['json', [...sample(false, true), ...sample(true, false), ...directory].map((one) => encoder.encode(encodeInquiry('json', one)))],
  ]);
}

const shared = ['DQ', 'DQG', 'KQ', 'RQ', 'RPQ', 'TQ', 'NL', 'R1', 'OD', 'ZY', 'TXT', '*', '.', '/', '\u0000', '\r\n', '\u007f', ' ', 'null', 'ſ', 'ı', 'İ', '\u00a0', '\ufeff', '\u202e', '\ud83d\ude00', '19840229', '022984', '2026-02-30', 'Y', 'N', '000000000'];
const dictionary: Readonly<Record<WireFormat, readonly string[]>> = {
  legacy: [...shared, 'OLN/', 'NAM/', 'DOB/', 'SEX/F', 'IMQ/Y', 'RSN/T', 'PUR/C', 'ATN/', 'LIC/', 'LIY/NX', 'LIT/PC', 'VIN/', 'VMA/', 'VYR/2020', 'ORI/', 'LOC/', 'TYP/', '*A.TXT', 'TXTTXT', ','],
  niem: [...shared, '<!DOCTYPE a [<!ENTITY b "c">]>', '&b;', '&amp;', '&#0;', '&#x41;', '&#13;', '<![CDATA[', ']]>', '<!--', '-->', '<?x ?>', '<wx:Extension>', '</wx:Extension>', '<n2:Person>', '</n2:Person>', ' xmlns="urn:x"', ' xmlns:n2="urn:x"', ' xml:lang="en"', '<a>', '</a>', '<?xml version="1.1"?>', '<n2c:Driver/>'],
  json: [...shared, '{', '}', '[', ']', ',', ':', '"', '\\', '\\u0000', '\\ud800', '"key":', '"wants":[]', '"image":true', '"subject":', '"__proto__":{}', '1e999', '-0', 'true', '"kind":"name"', '"constructor":1', '{"a":'],
};

function mutate(from: Uint8Array, others: readonly Uint8Array[], format: WireFormat, random: () => number): Uint8Array {
  let bytes = Uint8Array.from(from);
  const below = (most: number): number => Math.floor(random() * most);
  // Mostly one or two changes: more, and hardly anything is accepted that could encode to something else.
  for (let left = below(2) * below(4); left >= 0; left -= 1) {
    const at = below(bytes.length + 1);
    const length = below(Math.min(64, bytes.length - at + 1));
    switch (below(14)) {
      case 0:
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << below(8));
        break;
      case 1:
        if (at < bytes.length) bytes[at] = below(256);
        break;
      case 2:
        bytes = join(bytes.subarray(0, at), bytes.subarray(at + length));
        break;
      case 3:
        bytes = join(bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at));
        break;
      case 4:
        if (below(4) === 0) bytes = bytes.slice(0, at);
        break;
      case 5: {
        const other = pick(others, random);
        const start = below(other.length + 1);
        bytes = join(bytes.subarray(0, at), other.subarray(start, start + below(80)), bytes.subarray(at + length));
        break;
      }
      case 6: {
        const token = new TextEncoder().encode(pick(dictionary[format], random));
        const times = below(200) === 0 ? Math.floor(60_000 / Math.max(1, token.length)) : 1;
        bytes = join(bytes.subarray(0, at), ...Array.from({ length: times }, () => token), bytes.subarray(at));
        break;
      }
      case 7: {
        const token = new TextEncoder().encode(pick(dictionary[format], random));
        bytes = join(bytes.subarray(0, at), token, bytes.subarray(at + token.length));
        break;
      }
      case 8:
      case 9:
      case 10: {
        // A letter, digit or space for another, or one more: values change, and the frame stays.
        const letter = below(6) === 0 ? 0x20 : (below(2) === 0 ? 0x30 + below(10) : 0x41 + below(26));
        const code = bytes[at] ?? 0;
        const word = (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a);
        if (word && below(2) === 0) bytes[at] = letter;
        else if (word) bytes = join(bytes.subarray(0, at), Uint8Array.of(letter), bytes.subarray(at));
        break;
      }
      default: {
        // The case of a letter: what is accepted in both has to come out as one.
        const code = bytes[at] ?? 0;
        if ((code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)) bytes[at] = code ^ 0x20;
      }
    }
  }
  return bytes;
}

function join(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Takes pieces out, from halves to single bytes, for as long as the finding stays. */
function shrink(body: Uint8Array, fails: (smaller: Uint8Array) => boolean): Uint8Array {
  let best = body;
  for (let piece = Math.ceil(best.length / 2); piece >= 1; piece = Math.floor(piece / 2)) {
    for (let at = 0; at < best.length; ) {
      const smaller = join(best.subarray(0, at), best.subarray(at + piece));
      if (fails(smaller)) best = smaller;
      else at += piece;
    }
  }
  return best;
}

function fresh(): Tally {
  return { accepted: 0, rejected: 0, over: 0, slowest: 0, codes: new Map() };
}

function pick<T>(list: readonly T[], random: () => number): T {
  return list[Math.floor(random() * list.length)]!;
}

/** A small generator of 32 bits (mulberry32): the same seed gives the same run. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

process.exitCode = run(Number(values.count), Number(values.seed));
