import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { addPolicy } from '../src/cli/policy/index.ts';
import { checkPolicy, hashPolicy, type Item, type PolicyDocument } from '../src/policy/index.ts';
import { adoptTemplate, readTemplate, templateNames } from '../src/templates/index.ts';

const names = ['california', 'colorado', 'dppa', 'minnesota', 'new-york', 'open', 'washington-2019', 'washington-block', 'washington-border'];
const text = (name: string): string => readTemplate(name)!;
const documentOf = (policy: string): PolicyDocument => {
  const result = checkPolicy(policy);
  if (!result.ok) throw new Error(JSON.stringify(result.findings));
  return result.document;
};
const itemsOf = ({ rules, onward, limits, notify, claims }: PolicyDocument): readonly Item[] => [...rules, ...onward, ...limits, ...notify, ...claims];

it('the templates are those that docs/templates.md lists, and no path leads out of them', () => {
  expect(templateNames()).toEqual(names);
  const page = readFileSync(fileURLToPath(new URL('../docs/templates.md', import.meta.url)), 'utf8');
  expect([...page.matchAll(/^\| `([\w-]+)` \|/gm)].map((m) => m[1]).sort()).toEqual(names);
  for (const name of ['../README', 'open.yaml', '', 'OPEN', 'constructor']) expect(readTemplate(name)).toBeNull();
});

describe.each(names)('%s', (name) => {
  const document = documentOf(text(name));

  it('is sound, and warned of nothing but open photos', () => {
    const result = checkPolicy(text(name));
    const codes = new Set(result.findings.filter(({ severity }) => severity === 'warning').map(({ code }) => code));
    expect([...codes].filter((code) => code !== 'openHighlyRestricted' && code !== 'unknownOwner')).toEqual([]);
    expect(codes.has('unknownOwner')).toBe(document.policy === 'ZY');
  });

  it('says that it is no legal advice, what is modelled and what is not, and when the sources were read', () => {
    expect(document.note).toMatch(/not legal advice/);
    expect(document.note).toMatch(/Modelled/);
    expect(document.note).toMatch(/Sources, read mid-2026/);
    expect(text(name).split('policy:')[0]).toMatch(/Not legal advice/);
    expect(document.title).not.toBeNull();
    expect(document.cites.length).toBeGreaterThan(0);
  });

  it('has a title on every item, ids of its owner, and at least one claim', () => {
    for (const item of itemsOf(document)) {
      expect(item.title, item.id).not.toBeNull();
      expect(item.id.startsWith(`${document.policy}-`), item.id).toBe(true);
    }
    expect(document.claims.length).toBeGreaterThan(0);
  });

  it('names the items that its note speaks of', () => {
    const ids = new Set(itemsOf(document).map(({ id }) => id));
    const named = [...(document.note ?? '').matchAll(/[A-Z]{2}-C?\d+/g)].map(([id]) => id);
    expect(named.filter((id) => !ids.has(id))).toEqual([]);
    expect(named.length).toBeGreaterThan(0);
  });

  it('becomes the policy of any owner by its letters and ids alone', () => {
    for (const owner of ['TX', 'NM', 'WA', 'ZY']) {
      const adopted = adoptTemplate(text(name), { owner, version: 7 });
      const made = documentOf(adopted);
      expect([made.policy, made.version]).toEqual([owner, 7]);
      expect(itemsOf(made).every(({ id }) => id.startsWith(`${owner}-`))).toBe(true);
      expect(hashPolicy(documentOf(adoptTemplate(adopted, { owner: document.policy, version: document.version })))).toBe(hashPolicy(document));
    }
  });
});

describe('the three of Washington', () => {
  const [act, block, border] = ['washington-2019', 'washington-block', 'washington-border'].map((name) => documentOf(text(name))) as [PolicyDocument, PolicyDocument, PolicyDocument];

  it('differ by the rules that the walk-through speaks of, and by no other', () => {
    const extra = (more: PolicyDocument, less: PolicyDocument): string[] => more.rules.filter((rule) => !less.rules.some((other) => JSON.stringify(other) === JSON.stringify(rule))).map(({ id }) => id);
    expect([extra(block, act), extra(act, block)]).toEqual([['WA-10'], []]);
    expect([extra(border, block), extra(block, border)]).toEqual([['WA-12', 'WA-13', 'WA-15', 'WA-16', 'WA-17', 'WA-18'], []]);
    expect([act.notify, block.notify]).toEqual([block.notify, border.notify]);
  });

  it('claim the same, of the agencies that there are, and the last also of those that may come, because its rules name what is not known', () => {
    const claim = (document: PolicyDocument, id: string) => document.claims.find((one) => one.id === id);
    for (const id of ['WA-C2', 'WA-C3']) expect(claim(block, id)).toEqual(claim(border, id));
    expect(claim(act, 'WA-C2')).toEqual(claim(block, 'WA-C2'));
    expect(border.claims.map(({ id }) => id)).toEqual([...block.claims.map(({ id }) => id), 'WA-C5', 'WA-C6']);
    for (const id of ['WA-C1', 'WA-C4']) expect({ ...claim(block, id), domain: 'schema' }).toEqual(claim(border, id));
  });
});

describe('weir policy template', () => {
  afterEach(() => { process.exitCode = 0; });

  it('lists them with law, date and one line each', async () => {
    const { out, exit } = await run();
    expect(exit).toBe(0);
    for (const name of names) expect(out).toMatch(new RegExp(`^${name} +\\S.+\n +\\S.+; from \\d{4}-\\d{2}-\\d{2}; \\d+ rules, \\d+ claims?$`, 'm'));
    expect(out).toContain('not legal advice');
    expect((JSON.parse((await run('--json')).out) as { templates: unknown[] }).templates).toHaveLength(names.length);
  });

  it('prints one for an owner, with a version', async () => {
    const { out, exit } = await run('colorado', '--owner', 'nm', '--at', '3');
    expect(exit).toBe(0);
    expect(documentOf(out)).toMatchObject({ policy: 'NM', version: 3 });
    expect(out).toBe(adoptTemplate(text('colorado'), { owner: 'NM', version: 3 }));
    expect((await run('open')).out).toContain('policy: ZY');
    expect(JSON.parse((await run('open', '--owner', 'TX', '--json')).out)).toMatchObject({ name: 'open', owner: 'TX', version: 1 });
  });

  it.each([[['nowhere']], [['../package']], [['open', '--owner', 'Texas']], [['open', '--at', '0']]])('refuses %j as wrongly used', async (words) => {
    expect(await run(...words)).toMatchObject({ exit: 2, out: '' });
  });

  async function run(...words: readonly string[]): Promise<{ out: string; exit: number }> {
    let out = '';
    const spies = [vi.spyOn(process.stdout, 'write').mockImplementation((part) => { out += String(part); return true; }), vi.spyOn(process.stderr, 'write').mockReturnValue(true)];
    try {
      const program = new Command('weir').option('--data <dir>').option('--json').option('--quiet').exitOverride();
      addPolicy(program);
      await program.parseAsync(['policy', 'template', ...words], { from: 'user' });
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    return { out, exit: Number(process.exitCode) };
  }
});
