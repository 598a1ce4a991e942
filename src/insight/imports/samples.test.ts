import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { yamlProblemLine } from '../../yaml/read.ts';
import { partsOf } from './cases.ts';
import { dryRun } from './dryRun.ts';
import { lacksOf } from './session.ts';
import { readMapping } from './mapping.ts';
import { reportOf, type ImportReport } from './report.ts';
import { sketchMapping } from './sketch.ts';

const place = (name: string): string => fileURLToPath(new URL(`../../../samples/imports/${name}`, import.meta.url));
const report = async (mapping: string, log: string): Promise<ImportReport> => {
  const parts = partsOf(mapping, '');
  return reportOf({ dataset: 'x', owner: 'WA', dryRun: true, by: 'x', lacks: lacksOf(parts.mapping) }, await dryRun(parts, '', [log], 5), 5);
};
const counts = (found: ImportReport): Record<string, number> => Object.fromEntries([...found.skipped, ...found.duplicates, ...found.refused, ...found.remarks].map(({ reason, count }) => [reason, count]));

describe('the samples that ship', () => {
  it.each([
    ['table.csv', 'table.yaml', 5, { comment: 1, header: 1, trailer: 1, duplicate: 1, wrongOwner: 1, timeInGap: 1, missingOri: 1, oriMended: 1, unknownOri: 1 }],
    ['lines.jsonl', 'lines.yaml', 3, { badJson: 1, unknownKey: 1, oriPadded: 1 }],
    ['columns.txt', 'columns.yaml', 3, { comment: 1, trailer: 1, badTime: 1, wrongColumns: 1, inactiveOri: 1 }],
    ['messages.txt', 'messages.yaml', 2, { continued: 14, notRequest: 1, rule: 1, wrongOwner: 1, badMessage: 1 }],
  ])('%s is read by %s, and every line is accounted for', async (log, mapping, archived, expected) => {
    const found = await report(await readFile(place(mapping), 'utf8'), place(log));
    expect(counts(found)).toEqual(expected);
    expect(found.lines.archived).toBe(archived);
    expect(found.lines.read).toBe((await readFile(place(log), 'latin1')).split('\n').length - 1);
  });

  it('say that they are invented', async () => {
    for (const name of ['table', 'lines', 'columns', 'messages']) expect(readMapping(await readFile(place(`${name}.yaml`), 'utf8'))).toMatchObject({ ok: true, mapping: { about: expect.stringContaining('Invented') as string } });
  });

  it.each([['table.csv', 'America/Los_Angeles', 4], ['lines.jsonl', null, 2], ['messages.txt', 'America/Los_Angeles', 2], ['columns.txt', '-08:00', 3]])('a mapping of %s can be proposed, needs only what a person has to say, and reads it', async (log, zone, archived) => {
    const sketch = sketchMapping(await readFile(place(log), 'latin1'));
    const text = zone === null ? sketch.text : sketch.text.replace('zone: WHERE', `zone: "${zone}"`).replace(/comments|^#.*$/m, '').replace('format: csv', 'format: csv\nskip: { comments: ["#"], trailers: [TOTAL] }');
    const reading = readMapping(text);
    expect(reading.ok ? [] : reading.problems.map((problem) => yamlProblemLine(log, problem))).toEqual([]);
    expect((await report(text, place(log))).lines.archived).toBeGreaterThanOrEqual(archived);
    expect(sketch.open.some((line) => line.includes('time zone'))).toBe(zone !== null);
  });

  it('a proposal repeats no names, numbers or plates', async () => {
    for (const log of ['table.csv', 'lines.jsonl', 'columns.txt', 'messages.txt']) {
      const { text } = sketchMapping(await readFile(place(log), 'latin1'));
      for (const word of ['ARKWELL', 'HOLLOW', 'tarnside', 'K2093177', 'AZQ4410', 'Mossgrove', '25-0417']) expect(text).not.toContain(word);
    }
  });
});
