import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoSourceMapping } from '../../demo/sourceMapping.ts';
import { allJurisdictions } from '../vocabulary/index.ts';
import { ownersOf, readMapping } from './mapping.ts';

const head = 'owners: [WA]\nconnection: wa\ndialect: postgres\n';

/** Code and line of each problem. */
function problems(text: string): (readonly [string, number])[] {
  const reading = readMapping(text);
  return reading.ok ? [] : reading.problems.map(problem => [problem.code, problem.line] as const);
}

describe('the mapping file', () => {
  it('takes the demonstration\'s', () => {
    const reading = readMapping(demoSourceMapping('demonstration'));
    expect(reading).toMatchObject({ ok: true, mapping: { owners: 'all', connection: 'demonstration' } });
    if (reading.ok) expect(ownersOf(reading.mapping)).toEqual(allJurisdictions);
  });

  it('takes one owner without brackets, and the code of a state that YAML used to take for false', () => {
    const reading = readMapping('owners: NO\nconnection: env:RECORDS\ndialect: http\n');
    expect(reading).toMatchObject({ ok: true, mapping: { owners: ['NO'] } });
  });

  it.each<readonly [string, string, readonly (readonly [string, number])[]]>([
    ['an unknown word', `${head}driver:\n  table: t\n  key: k\n  shoeSize: s\n`, [['unknownKey', 7]]],
    ['an unknown word at the top', `${head}drivers: {}\n`, [['unknownKey', 4]]],
    ['a missing key', `${head}driver:\n  table: t\n`, [['missing', 4]]],
    ['a missing column of a class', `${head}driver:\n  table: t\n  key: k\n  name:\n    given: g\n`, [['missing', 7]]],
    ['a number for a column', `${head}driver:\n  table: t\n  key: 7\n`, [['badValue', 6]]],
    ['an expression for a column', `${head}driver:\n  table: t\n  key: lower(x)\n`, [['badValue', 6]]],
    ['a quote in a column', `${head}driver:\n  table: t\n  key: k\n  ssn: 'a"b'\n`, [['badValue', 7]]],
    ['a quote in a table', `${head}driver:\n  table: 't; drop'\n  key: k\n`, [['badValue', 5]]],
    ['an unknown word beside a column', `${head}driver:\n  table: t\n  key: k\n  ssn:\n    column: s\n    value: x\n`, [['missing', 7], ['unknownKey', 9]]],
    ['values without a column', `${head}driver:\n  table: t\n  key: k\n  ssn:\n    values: { a: b }\n`, [['missing', 7]]],
    ['a table of values that is none', `${head}driver:\n  table: t\n  key: k\n  ssn:\n    column: s\n    values: x\n`, [['badValue', 9]]],
    ['a list for a column', `${head}driver:\n  table: t\n  key: k\n  ssn: [a]\n`, [['badValue', 7]]],
    ['nothing for a column', `${head}driver:\n  table: t\n  key: k\n  ssn:\n`, [['badValue', 7]]],
    ['owners in small letters', 'owners: [WA, or]\nconnection: wa\ndialect: http\n', [['badValue', 1]]],
    ['an owner twice', 'owners: [WA, WA]\nconnection: wa\ndialect: http\n', [['badValue', 1]]],
    ['a dialect that is not known', 'owners: [WA]\nconnection: wa\ndialect: oracle\n', [['badValue', 3]]],
    ['an address with a password', 'owners: [WA]\nconnection: postgres://u:p@h/d\ndialect: http\n', [['secret', 2]]],
    ['several owners without a partition', 'owners: all\nconnection: wa\ndialect: postgres\nvehicle: { table: v, plate: p }\n', [['partitionMissing', 1]]],
    ['nothing mapped', head, [['nothingMapped', 1]]],
    ['a history without a driver', `${head}vehicle: { table: v, plate: p }\nhistory: { table: h, by: l, date: d, kind: k, code: c, text: t, jurisdiction: j }\n`, [['historyWithoutDriver', 5]]],
    ['tables for a service', 'owners: [WA]\nconnection: wa\ndialect: http\nvehicle: { table: v, plate: p }\n', [['notForHttp', 4]]],
    ['half a picture table', `${head}driver:\n  table: t\n  key: k\n  photo: { table: p, bytes: b }\n`, [['pictureTable', 7]]],
    ['several at once, in the order of the lines', `owners: [WA]\nconnection: wa\ndialect: oracle\ndriver:\n  key: k\n  sssn: s\n`, [['badValue', 3], ['missing', 4], ['unknownKey', 6]]],
    ['what is no YAML', 'owners: [WA\n', [['notYaml', 2]]],
    ['a key twice', `${head}owners: [OR]\n`, [['notYaml', 4]]],
    ['a list', '- owners\n', [['notAMap', 1]]],
    ['an empty file', '', [['notAMap', 1]]],
    ['an alias bomb', `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`, [['notYaml', 1]]],
    ['a file that is too long', `#${'x'.repeat(300_000)}`, [['tooLarge', 1]]],
  ])('tells of %s at its line', (_what, text, expected) => {
    expect(problems(text)).toEqual(expected);
  });

  it('repeats no secret', () => {
    const reading = readMapping('owners: [WA]\nconnection: postgres://user:hunter2@host/db\ndialect: http\n');
    expect(JSON.stringify(reading)).not.toContain('hunter2');
  });

  it('says something sensible of any text, and never throws', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.json(), fc.array(fc.constantFrom('owners', ': ', '[', ']', '{', '}', '\n', '  ', 'driver', '&a ', '*a', '!!js ', '- ', '|', '?'), { maxLength: 30 }).map(parts => parts.join(''))), text => {
      const reading = readMapping(text);
      if (!reading.ok) expect(reading.problems.length).toBeGreaterThan(0);
    }), { numRuns: 500 });
  });

  it('is what the documentation says', async () => {
    const page = await readFile(new URL('../../docs/sources.md', import.meta.url), 'utf8');
    const examples = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(match => match[1] ?? '');
    expect(examples.length).toBeGreaterThan(1);
    for (const example of examples) expect(readMapping(example)).toMatchObject({ ok: true });
  });
});
