import { describe, expect, it } from 'vitest';

import { detailRows } from './actDetail.ts';
import { actTable, deviceWords, factorWords, roleWords } from './words.ts';

describe('words of the pages for people', () => {
  it.each([
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0', 'Edge, Windows'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0', 'Firefox, Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36', 'Chrome, Linux'],
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1', 'Safari, iPhone'],
    ['Mozilla/5.0 (Macintosh; Intel Mac OS X 14_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15', 'Safari, Mac'],
    ['Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36', 'Chrome, Android'],
    ['curl/8.5.0', 'curl/8.5.0'], ['x'.repeat(60), 'x'.repeat(40)], ['', ''],
  ])('tells the browser and the machine of %s', (agent, words) => {
    expect(deviceWords(agent)).toBe(words);
  });

  it('says roles and factors in words, and what it does not know as it stands', () => {
    expect(['ownerOfficial', 'later', 'constructor'].map(roleWords)).toEqual(['official of the owner', 'later', 'constructor']);
    expect(['totp', 'hwk', 'toString'].map(factorWords)).toEqual(['one-time code', 'hwk', 'toString']);
  });

  it('says the details of an act in words, and what it does not know as it stands', () => {
    const detail = { role: 'ownerOfficial', desks: 0, source: 'persona', factors: 'password+totp', until: '2026-03-01T10:00:00.000Z', later: 'x<y', constructor: 'toString' };
    expect(detailRows({ detail }).map(([name, value]) => `${name}: ${value.toString()}`)).toEqual([
      'Role that it is about: official of the owner', 'Desks: none named', 'Given by: the demonstration', 'Factors: password, one-time code', 'Until: <time datetime="2026-03-01T10:00:00Z">2026-03-01 10:00:00 UTC</time>', 'later: x<y', 'constructor: toString',
    ]);
    expect(detailRows({ detail: { source: 'constructor' } })).toEqual([['Given by', 'constructor']]);
    expect(detailRows({ detail: null })).toEqual([]);
  });

  it('shows what was refused or failed with the act, and says nothing of what was done', () => {
    const act = { id: 'act-1', at: '2026-03-01T10:00:00.000Z', owner: 'WA', act: 'signedIn', who: 'A-0123456789AB', role: null, on: null, hash: null, detail: null, words: false } as const;
    const shown = (result: 'done' | 'refused' | 'failed'): string => actTable('Acts', [{ ...act, result }], null).toString();
    for (const result of ['refused', 'failed'] as const) expect(shown(result)).toContain(`<strong class="bad">${result}:</strong>`);
    expect(shown('done')).not.toContain('done');
  });
});
