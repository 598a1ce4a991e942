import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { treatmentsOf } from '../vocabulary/index.ts';
import { checkPolicy } from './check.ts';
import { findingCodes } from './findings.ts';

const page = readFileSync(new URL('../../docs/policy.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, text]) => text!);

describe('docs/policy.md', () => {
  it.each(blocks.map((text, n) => [n + 1, text] as const))('shows a sound policy in block %i', (_n, text) => {
    const result = checkPolicy(text.startsWith('policy:') ? text : `policy: ZY\nversion: 1\neffective: 2026-01-01\n${text}`);
    expect(result.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('has blocks at all', () => {
    expect(blocks.length).toBeGreaterThan(4);
  });

  it('explains every code with its severity, and no other', () => {
    const rows = [...page.matchAll(/^\| `(\w+)` \| (error|warning|notice) \|/gm)].map(([, code, severity]) => [code, severity]);
    expect(rows).toEqual(Object.entries(findingCodes).map(([code, { severity }]) => [code, severity]));
  });

  it('lists every treatment with its class', () => {
    const rows = [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| ((?:`\w+`(?:, )?)+)/gm)].flatMap(([, classes, treatments]) =>
      [...classes!.matchAll(/\w+/g)].map(([one]) => [one, [...treatments!.matchAll(/`(\w+)`/g)].map(([, treatment]) => treatment)] as const));
    expect(Object.fromEntries(rows.filter(([one]) => one in treatmentsOf))).toEqual(treatmentsOf);
  });
});
