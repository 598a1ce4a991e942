import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { decode, defaultWireSettings, faultStatus } from './index.ts';
import { prefixes } from './fields.ts';

const page = readFileSync(new URL('../../docs/wire.md', import.meta.url), 'utf8');
const formats = { text: 'legacy', xml: 'niem', json: 'json' } as const;
const examples = [...page.matchAll(/<!-- decodes -->\n```(text|xml|json)\n([\s\S]*?)```/g)].map((found) => ({
  format: formats[found[1] as keyof typeof formats], text: found[2] ?? '',
}));

describe('docs/wire.md', () => {
  it('has examples that the readers take, and the first of each format ask the same', () => {
    expect(examples).toHaveLength(4);
    const values = examples.map(({ format, text }) => decode(format, new TextEncoder().encode(text)));
    expect(values.map((one) => one.ok)).toEqual([true, true, true, true]);
    const [legacy, niem, json] = values.map((one) => (one.ok && one.value.key !== 'TQ' ? one.value : null));
    expect(json).toEqual(niem);
    expect({ ...niem, extension: null }).toEqual({ ...legacy, extension: null });
  });

  it('names every code, prefix and setting', () => {
    for (const name of [...Object.keys(faultStatus), ...Object.values(prefixes).map((prefix) => `${prefix}/`), ...Object.keys(defaultWireSettings).filter((name) => name !== 'niem')]) {
      expect(page).toContain(name);
    }
  });
});
