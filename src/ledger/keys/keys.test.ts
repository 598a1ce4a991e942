import { chmodSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Subject } from '../../model/index.ts';
import { codeOf, temporaryFolder } from '../cases.ts';
import { canonicalSubject, openKeys } from './index.ts';

let folder: string;
let remove: () => void;
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(() => remove());

const text = fc.string({ maxLength: 12 });
const name = fc.record({ surname: text, given: text, middle: text });
const orNull = fc.option(text);
const subjects: fc.Arbitrary<Subject> = fc.oneof(
  fc.record({ kind: fc.constant('licence' as const), number: text }),
  fc.record({ kind: fc.constant('person' as const), name, birthDate: text, sex: fc.option(fc.constantFrom('M' as const, 'F' as const, 'U' as const, 'X' as const)) }),
  fc.record({ kind: fc.constant('name' as const), name }),
  fc.record({ kind: fc.constant('plate' as const), plate: text, plateYear: orNull, plateType: orNull }),
  fc.record({ kind: fc.constant('vin' as const), vin: text, make: orNull, year: orNull }),
  fc.record({ kind: fc.constant('owner' as const), name }),
  fc.record({ kind: fc.constant('partialPlate' as const), pattern: text, plateType: orNull }),
);

const person: Subject = { kind: 'person', name: { surname: 'EXAMPLE', given: 'ANN', middle: '' }, birthDate: '1980-01-01', sex: 'F' };

describe('the tag of a subject', () => {
  it('is the same for the same subject whatever the order of members, over restarts, and differs between owners', async () => {
    const keys = await openKeys(folder, ['ZY', 'ZX']);
    const turned: Subject = { sex: 'F', birthDate: '1980-01-01', name: { middle: '', given: 'ANN', surname: 'EXAMPLE' }, kind: 'person' };
    expect(keys.tag('ZY', turned)).toBe(keys.tag('ZY', person));
    expect((await openKeys(folder, ['ZY'])).tag('ZY', person)).toBe(keys.tag('ZY', person));
    expect(keys.tag('ZX', person)).not.toBe(keys.tag('ZY', person));
    expect(keys.tag('ZY', person)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is made over a text that is equal for equal subjects only', () => {
    fc.assert(fc.property(subjects, subjects, (a, b) => {
      const same = (one: Subject, other: Subject): boolean => { try { expect(one).toEqual(other); return true; } catch { return false; } };
      expect(canonicalSubject(a) === canonicalSubject(b)).toBe(same(a, b));
      expect(canonicalSubject(structuredClone(a))).toBe(canonicalSubject(a));
    }), { numRuns: 500 });
    expect(canonicalSubject({ kind: 'name', name: { surname: 'A","B', given: '', middle: '' } })).not.toBe(canonicalSubject({ kind: 'name', name: { surname: 'A', given: 'B', middle: '' } }));
  });
});

describe('what is sealed', () => {
  it('opens to the same text for its owner, and looks different each time', async () => {
    const keys = await openKeys(folder, ['ZY']);
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (plain) => {
      const sealed = keys.seal('ZY', plain);
      expect(keys.unseal('ZY', sealed)).toBe(plain);
      expect(keys.seal('ZY', plain)).not.toBe(sealed);
      if (plain.length > 8) expect(Buffer.from(sealed, 'base64').includes(plain)).toBe(false);
    }));
    const many = new Set(Array.from({ length: 3_000 }, () => Buffer.from(keys.seal('ZY', ''), 'base64').subarray(1, 13).toString('hex')));
    expect(many.size).toBe(3_000);
  });

  it('opens after a restart, and for no other owner even under the same key file', async () => {
    const sealed = (await openKeys(folder, ['ZY'])).seal('ZY', 'ANN EXAMPLE');
    expect((await openKeys(folder, ['ZY'])).unseal('ZY', sealed)).toBe('ANN EXAMPLE');
    writeFileSync(join(folder, 'owners', 'ZX.key'), readFileSync(join(folder, 'owners', 'ZY.key')), { mode: 0o600 });
    const other = await openKeys(folder, ['ZX']);
    expect(() => other.unseal('ZX', sealed)).toThrow(expect.objectContaining({ code: 'KEY_UNSEAL' }) as Error);
  });

  it('does not open where any bit was altered, or where it is cut, and nothing of it is told', async () => {
    const keys = await openKeys(folder, ['ZY']);
    const bytes = Buffer.from(keys.seal('ZY', 'ANN EXAMPLE'), 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const altered = Buffer.from(bytes);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => keys.unseal('ZY', altered.toString('base64'))).toThrow(expect.objectContaining({ code: 'KEY_UNSEAL' }) as Error);
    }
    for (let length = 0; length < bytes.length; length += 1) expect(() => keys.unseal('ZY', bytes.subarray(0, length).toString('base64'))).toThrow(expect.objectContaining({ code: 'KEY_UNSEAL' }) as Error);
  });
});

describe('key files', () => {
  it('are made once, one per owner, for nobody else to read', async () => {
    await Promise.all([openKeys(folder, ['ZY', 'ZX']), openKeys(folder, ['ZY'])]);
    const [a, b] = await Promise.all([openKeys(folder, ['ZY']), openKeys(folder, ['ZY'])]);
    expect(a.tag('ZY', person)).toBe(b.tag('ZY', person));
    expect(readdirSync(join(folder, 'owners')).sort()).toEqual(['ZX.key', 'ZY.key']);
    expect(statSync(join(folder, 'owners', 'ZY.key')).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(folder, 'owners', 'ZY.key'), 'latin1')).toMatch(/^[0-9a-f]{64}\n$/);
  });

  it('that two processes make at once give both the same key', async () => {
    const opened = await Promise.all(Array.from({ length: 10 }, () => openKeys(folder, ['ZY'])));
    expect(new Set(opened.map((keys) => keys.tag('ZY', person))).size).toBe(1);
  });

  it('that are no key, or open to all, are refused and left as they are', async () => {
    await openKeys(folder, ['ZY']);
    const path = join(folder, 'owners', 'ZY.key');
    const good = readFileSync(path);
    for (const bad of ['', 'x', good.toString('latin1').slice(0, 40), `${good.toString('latin1')}\n`]) {
      writeFileSync(path, bad);
      expect(await codeOf(openKeys(folder, ['ZY']))).toBe('KEY_FILE');
      expect(readFileSync(path, 'latin1')).toBe(bad);
    }
    writeFileSync(path, good);
    chmodSync(path, 0o644);
    expect(await codeOf(openKeys(folder, ['ZY']))).toBe('KEY_FILE');
  });

  it('are never looked for outside the folder, whatever an owner is called', async () => {
    for (const owner of ['../x', 'zy', 'Z', 'ZYX', 'Z/', '']) expect(await codeOf(openKeys(folder, [owner]))).toBe('KEY_OWNER');
    const keys = await openKeys(folder, ['ZY']);
    expect(() => keys.tag('ZX', person)).toThrow(expect.objectContaining({ code: 'KEY_OPEN' }) as Error);
  });
});
