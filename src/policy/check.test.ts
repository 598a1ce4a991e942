import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policyDocument } from '../../test/policyArbitraries.ts';
import { canonicalPolicy, hashPolicy } from './canonical.ts';
import { checkPolicy, type CheckResult } from './check.ts';
import { caps } from './document.ts';
import { findingCodes, type Finding, type FindingCode } from './findings.ts';
import { printPolicy } from './print.ts';
import { samples } from './samples.ts';

const lines = (text: string) => text.split('\n');

/** What is true of every result on every text: severities, places, order, and the manner of messages. */
function soundResult(result: CheckResult, text: string): void {
  const count = lines(text).length;
  const unsound = result.findings.filter((finding, n) => finding.severity !== findingCodes[finding.code].severity
    || finding.line < 1 || finding.line > count || finding.column < 1 || !wellMannered(finding) || !inOrder(result.findings[n - 1] ?? finding, finding));
  expect({ text, unsound, ok: result.ok }).toEqual({ text, unsound: [], ok: !result.findings.some(({ severity }) => severity === 'error') });
}

/** Lower case, no final period, one line, nothing that a terminal obeys. */
function wellMannered({ message, mend }: Finding): boolean {
  return /^[a-z`\d]/.test(message) && !message.endsWith('.') && !/[\p{Cc}\p{Cs}]/u.test(`${message}${mend ?? ''}`);
}

function inOrder(a: Finding, b: Finding): boolean {
  return a.line < b.line || (a.line === b.line && a.column <= b.column);
}

describe('the check', () => {
  it.each(samples.filter(({ deep }) => deep === undefined).map((sample) => ({ ...sample, shown: sample.text.slice(-60).trim() })))('finds $code in … $shown', ({ code, text, line, column, mend }) => {
    const result = checkPolicy(text);
    soundResult(result, text);
    const found = result.findings.find((finding) => finding.code === code);
    expect({ code: found?.code, line: found?.line, column: found?.column }).toEqual({ code, line, column });
    if (mend !== undefined) expect(found?.mend).toContain(mend);
    const errors = new Set(result.findings.filter(({ severity }) => severity === 'error').map((finding) => finding.code));
    expect([...errors]).toEqual(findingCodes[code].severity === 'error' ? [code] : code === 'findingsCut' ? ['unknownWord'] : []);
  });

  it('has a sample for every code', () => {
    const shown = new Set<FindingCode>([...samples.map(({ code }) => code), 'notUtf8', 'notLookedThrough']);
    expect([...shown].sort()).toEqual(Object.keys(findingCodes).sort());
  });

  it('says where each part of a sound document stands', () => {
    const result = checkPolicy('policy: ZY\nversion: 1\neffective: 2026-01-01\nrules:\n  - id: A\n    deny:\n      data: name\n      unless: [{ warrant: stated }, { for: fraud }]\n');
    if (!result.ok) throw new Error('not sound');
    expect(['rules', 'rules/0', 'rules/0/deny/data', 'rules/0/deny/unless/1', 'rules/0/deny/to', 'claims/3', ''].map((path) => Object.values(result.locate(path)).join(':')))
      .toEqual(['4:1', '5:5', '7:7', '8:37', '6:5', '1:1', '1:1']);
  });

  it('refuses bytes that are not UTF-8', () => {
    const result = checkPolicy(new Uint8Array([0x70, 0xff, 0xfe]));
    expect(result.findings.map(({ code }) => code)).toEqual(['notUtf8']);
  });

  it('takes the same text as bytes, with or without a mark of byte order', () => {
    const text = 'policy: WA\nversion: 1\neffective: 2026-01-01\nrules: [{ id: WA-1, release: { data: name } }]\n';
    const results = [text, Buffer.from(text), Buffer.from(`\ufeff${text}`)].map(checkPolicy);
    expect(new Set(results.map((result) => (result.ok ? result.hash : 'not sound'))).size).toBe(1);
    expect(results[0]!.ok).toBe(true);
  });

  it('gives one hash for texts that mean the same, and another for another meaning', () => {
    const of = (text: string) => {
      const result = checkPolicy(text);
      if (!result.ok) throw new Error(JSON.stringify(result.findings));
      return result.hash;
    };
    const plain = of('policy: WA\nversion: 1\neffective: 2026-01-01\nrules:\n  - { id: A, hold: { data: [photo, name], for: fraud, review: { by: d, within: 1d, onTimeout: deny } } }\n');
    expect(of('# remark\nversion: 1\npolicy: "WA"\nrules:\n- hold:\n    review: {onTimeout: deny, within: 24h, by: d}\n    for: [fraud]\n    data: [name, photo]\n  id: A\neffective: 2026-01-01\n')).toBe(plain);
    expect(of('policy: WA\nversion: 1\neffective: 2026-01-01\nrules:\n  - { id: A, hold: { data: [photo, name], for: theft, review: { by: d, within: 1d, onTimeout: deny } } }\n')).not.toBe(plain);
  });

  it('writes canonical JSON with its keys in order, whatever order the author had: the hash rests on these very bytes', () => {
    const text = 'version: 1\npolicy: WA\neffective: 2026-01-01\nrules:\n  - { id: A, release: { treat: { photo: reduced, address: county }, data: [photo, address, name], to: { mission: court, level: [state, federal] } } }\n';
    const result = checkPolicy(text);
    if (!result.ok) throw new Error('not sound');
    expect(canonicalPolicy(result.document)).toBe('{"effective":"2026-01-01","policy":"WA","rules":[{"id":"A","release":{"data":["name","address","photo"],"to":{"level":["federal","state"],"mission":"court"},"treat":{"address":"county","photo":"reduced"}}}],"version":1}');
    expect(result.hash).toBe(createHash('sha256').update(canonicalPolicy(result.document)).digest('hex'));
  });

  it('gives back every document that is printed, as YAML and as canonical JSON', () => {
    fc.assert(fc.property(policyDocument, (document) => {
      for (const text of [printPolicy(document), canonicalPolicy(document)]) {
        const result = checkPolicy(text);
        soundResult(result, text);
        expect(result).toMatchObject({ ok: true, document, hash: hashPolicy(document) });
        if (result.ok) expect(result.document).toEqual(document);
      }
    }), { numRuns: 100 });
  });

  it('never throws, hangs or gives a finding without a place: any text', () => {
    const pieces = fc.constantFrom('policy: ', 'ZY', '\n', '  ', '- ', 'rules:', 'id: ', '{', '}', '[', ']', ',', ':', '"', "'", '|', '>', '?', '&a', '*a', '!t', '<<: ', '#', '%YAML 1.1', '---', 'deny: ', 'data: ', 'all', '\t', '\u0000', '\ud800', '\u2028', '2026-01-01', '1e9', '~', '__proto__: ', 'constructor: ');
    const text = fc.oneof(fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')), fc.string({ unit: 'binary', maxLength: 80 }));
    fc.assert(fc.property(text, (one) => { soundResult(checkPolicy(one), one); }), { numRuns: 1_000 });
  });

  it('never throws: any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => { soundResult(checkPolicy(bytes), new TextDecoder().decode(bytes)); }), { numRuns: 1_000 });
  });

  it('never throws: sound texts with a piece cut out, doubled or changed', () => {
    const mutated = fc.tuple(policyDocument.map(printPolicy), fc.nat(), fc.nat(40), fc.constantFrom('', '{', '}', '[', ']', ':', '- ', '\n', 'x', '"', '&a ', '~', '0', ': {}'), fc.boolean())
      .map(([text, from, length, piece, double]) => {
        const start = from % (text.length + 1);
        const cut = text.slice(start, start + length);
        return text.slice(0, start) + piece + (double ? cut + cut : '') + text.slice(start + length);
      });
    fc.assert(fc.property(mutated, (text) => { soundResult(checkPolicy(text), text); }), { numRuns: 400 });
  });

  it('refuses at once what would take the parser down', () => {
    const many = Math.floor(caps.bytes / 2) - 100;
    const bombs = ['['.repeat(many), '[\n'.repeat(many), '{a: '.repeat(many / 4), '- '.repeat(many), '? '.repeat(many), `a: "${'x\n'.repeat(many)}"`, ']'.repeat(many), `[${','.repeat(many)}]`,
      Array.from({ length: 1_300 }, (_, n) => `${' '.repeat(n)}a:`).join('\n'), '"'.repeat(many), Array.from({ length: 60_000 }, (_, n) => `k${n}: 1`).join('\n')];
    for (const bomb of bombs) {
      const result = checkPolicy(bomb);
      soundResult(result, bomb);
      expect(['tooDeep', 'tooLarge', 'malformed', 'unknownKey']).toContain(result.findings[0]?.code);
    }
  });
});
