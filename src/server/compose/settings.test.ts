import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseSettings, SettingsError } from './settings.ts';

const findings = (text: string): SettingsError['findings'] => {
  try {
    parseSettings(text);
  } catch (error) {
    if (error instanceof SettingsError) return error.findings;
  }
  return [];
};

describe('settings', () => {
  it('takes an empty file and a full one', () => {
    expect(parseSettings('')).toEqual({});
    expect(parseSettings('mode: production\ntls: { port: 9443, names: [x.example] }\nexchange:\n  regions: { N1: [WA, OR] }\n  reasonCodes: { I: notStated }')).toMatchObject({ mode: 'production' });
  });

  it.each([
    ['mode: demo\n', 1],
    ['http:\n  port: 99999\n', 2],
    ['exchange:\n  capacity: 100\n  regions:\n    N1: [Washington]\n', 4],
    ['a: [', 1],
    ['mode: production\nmode: production\n', 2],
    ['exchange:\n  reasonCodes: { Q: fraud }\n', 2],
  ])('points at the line of %j', (text, line) => {
    const found = findings(text);
    expect(found.length).toBeGreaterThan(0);
    expect(found.map((f) => f.line)).toContain(line);
  });

  it('takes the example of docs/operations.md', async () => {
    const text = await readFile(new URL('../../../docs/operations.md', import.meta.url), 'utf8');
    const example = /## Settings[\s\S]*?```yaml\n([\s\S]*?)```/.exec(text)?.[1] ?? 'absent: true';
    expect(findings(example)).toEqual([]);
  });

  it('names a setting that does not exist', () => {
    expect(findings('htpp: {}')[0]?.message).toContain('htpp');
  });
});
