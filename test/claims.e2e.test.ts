import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startProcess, temporaryFolder, type WeirProcess } from '../bench/weirProcess.ts';
import { patientSettings } from './patient.ts';
import { ledgerEntries } from './readLedger.ts';
import type { SystemEntry } from '../src/model/index.ts';
import { runWeir, type Ran } from './run.ts';

/** Each command is a process of its own, and a machine may have other things to do. */
vi.setConfig({ testTimeout: 300_000 });

let folder: string;
let weir: WeirProcess;
/** An invented police of the demonstration, without an agreement. */
const police = { ori: 'GU5010100', name: 'Heron Bend Police Department' };
const file = (name: string): string => join(folder, name);
const run = (...words: string[]): Promise<Ran> => runWeir([...words, '--data', weir.data, '--quiet']);
const json = async (...words: string[]): Promise<Record<string, unknown>> => JSON.parse((await run(...words, '--json')).out) as Record<string, unknown>;
const get = async (path: string): Promise<Record<string, unknown>> => (await (await fetch(`${weir.http}${path}`)).json()) as Record<string, unknown>;

/** Guam gives photos to its city police; what it claims of that is given. */
const policy = (version: number, claims: string): string => `policy: GU
version: ${version}
effective: 2026-01-01
rules:
  - { id: GU-1, release: { data: photo, to: { level: municipal, homeState: GU, mission: generalPolice }, when: { caseNumber: numbered } } }
claims:
${claims}
`;
const noIce = '  - { id: GU-C1, title: ICE has no photo by any path, never: { to: { component: ICE }, data: photo, by: anyPath } }';
const noPolice = '  - { id: GU-C2, never: { to: { level: municipal, homeState: GU }, data: photo, by: direct } }';

beforeAll(async () => {
  folder = await temporaryFolder();
  await patientSettings(join(folder, 'data'));
  weir = await startProcess({ data: join(folder, 'data'), residents: 2_000, agencies: 3_500 });
  await writeFile(file('gu2.yaml'), policy(2, noIce));
  await writeFile(file('gu3.yaml'), policy(3, noPolice));
  await writeFile(file('list-2026-10-01.csv'), `state,agency,support_type,signed\nGuam,${police.name},Task Force Model,2026-09-15\n`);
});
afterAll(async () => {
  await weir.stop();
  await rm(folder, { recursive: true, force: true });
});

async function system(event: SystemEntry['event']): Promise<SystemEntry[]> {
  return (await ledgerEntries(weir.data)).filter((entry): entry is SystemEntry => entry.type === 'system' && entry.event === event);
}

/** Waits for what the exchange does by itself after a change. */
async function until<T>(look: () => Promise<T | null | undefined | false>): Promise<T> {
  for (let tries = 0; tries < 900; tries += 1) {
    const seen = await look();
    if (seen !== null && seen !== undefined && seen !== false) return seen;
    await sleep(200);
  }
  throw new Error('it did not come about within three minutes');
}

interface Claims { readonly registryVersion: number | null; readonly claims: readonly { readonly id: string; readonly holds: boolean | null; readonly verdicts: readonly { readonly decides: boolean; readonly asker: string | null; readonly names: readonly string[]; readonly sentence: string | null }[] }[] }
const claimsOf = async (): Promise<Claims> => (await get('/v1/policies/GU/claims')) as unknown as Claims;

describe('a policy with claims', () => {
  it('is tried out with the verdicts, and changes nothing', async () => {
    const ran = await run('policy', 'activate', file('gu2.yaml'), '--dry-run');
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toMatch(/GU-C1 {2}holds: ICE has no photo by any path[\s\S]*Nothing was changed\./);
    expect((await json('policy', 'list', 'GU'))['policies']).toHaveLength(1);
  });

  it('is activated where they hold, and proved again by the running exchange', async () => {
    const ran = await run('policy', 'activate', file('gu2.yaml'), '--author', 'privacy office');
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('Its claim holds.');
    const { claims } = await until(async () => { const found = await claimsOf(); return found.claims[0]?.id === 'GU-C1' && found.claims[0].holds !== null && found; });
    expect(claims).toMatchObject([{ holds: true }]);
  });
});

describe('a new 287(g) agreement', () => {
  it('breaks the claim once it is confirmed: the verb names the agency and the way', async () => {
    const imported = await run('registry', 'import', '287g', file('list-2026-10-01.csv'));
    expect(imported).toMatchObject({ code: 0 });
    expect(imported.out).toContain('none is broken by it');
    const [suggestion] = (await json('registry', 'suggestions', '--state', 'GU')) as unknown as { id: string }[];
    const confirmed = await run('registry', 'confirm', suggestion?.id ?? '', '--by', 'records desk');
    expect(confirmed.code).toBe(1);
    expect(confirmed.out).toContain('This breaks claim GU-C1 of GU');
    expect(confirmed.out).toContain(`1. ${police.name} (${police.ori}) asks for the photo`);
    expect(confirmed.out).toMatch(/2\. to Immigration and Customs Enforcement through 287\(g\) agreements: 287\(g\) list list-2026-10-01\.csv .*cannot be told apart/);
    expect(confirmed.out).toContain('Mend:');
  });

  it('is reported by the running exchange with the agency, in the journal and in the counters', async () => {
    const { claims } = await until(async () => { const found = await claimsOf(); return found.claims[0]?.holds === false && found; });
    expect(claims[0]?.verdicts.find(({ decides }) => decides)).toMatchObject({ asker: police.name, sentence: expect.stringContaining(police.ori) as string });
    const [broken] = await until(async () => { const found = await system('claimBroken'); return found.length > 0 && found; });
    expect(broken?.subject).toMatch(/^GU GU-C1 policy 2 registry \d+$/);
    expect(broken?.hash).toBe((await get('/v1/policies/GU'))['hash']);
    expect(await (await fetch(`${weir.http}/metrics`)).text()).toContain('weir_claims_failing{owner="GU"} 1');
  });

  it('is told once, also by the next exchange that is started', async () => {
    await weir.stop();
    weir = await startProcess({ data: weir.data });
    await until(async () => (await (await fetch(`${weir.http}/metrics`)).text()).includes('weir_claims_failing{owner="GU"} 1'));
    expect(await system('claimBroken')).toHaveLength(1);
  });
});

describe('weir prove, access and paths', () => {
  it('show how a claim fails, with exit code 1', async () => {
    const ran = await run('prove', 'GU');
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/^GU version 2 \([0-9a-f]{12}…\), table [0-9a-f]{12}…, registry version \d+ on \d{4}-\d\d-\d\d$/m);
    expect(ran.out).toMatch(/GU-C1 {2}FAILS/);
    expect(ran.out).toMatch(/\* fails +agencies of the registry, rules on passing data on are kept: \d+ agenc/);
    const all = await run('prove');
    expect(all.code).toBe(1);
    expect(all.out).toMatch(/^GU +2 +1 +0 +1$/m);
    expect(all.out).toMatch(/GU {2}GU-C1 {2}fails for 1: Immigration and Customs Enforcement/);
  });

  it('prove a draft, a claim said as a sentence, and another version of the registry', async () => {
    expect((await run('prove', '--file', file('gu3.yaml'))).code).toBe(1);
    expect((await run('prove', 'WA', '--file', file('gu3.yaml'))).code).toBe(2);
    const said = await json('prove', 'GU', '--never', 'No agencies that are part of ICE can get photos directly.');
    expect(said).toMatchObject({ owner: 'GU', holds: true, claims: [{ holds: true, claim: { kind: 'never', by: 'direct' } }] });
    expect((await run('prove', 'GU', '--registry', '1')).code).toBe(0);
    for (const wrong of [['--claim', 'GU-C9'], ['--never', 'Nobody knows.'], ['--never', 'Give photos to anyone who asks.'], ['--registry', '999']]) {
      expect(await run('prove', 'GU', ...wrong), wrong.join(' ')).toMatchObject({ code: 2, out: '' });
    }
    expect((await run('prove', 'ZQ')).code).toBe(1);
  });

  it('tell who obtains what, and when', async () => {
    const counts = (await json('access', 'GU')) as unknown as { classes: { dataClass: string; direct: number; indirect: number }[] };
    expect(counts.classes.find(({ dataClass }) => dataClass === 'ssn')).toEqual({ dataClass: 'ssn', direct: 0, indirect: 0 });
    expect(counts.classes.find(({ dataClass }) => dataClass === 'photo')?.direct).toBeGreaterThan(0);
    const one = await run('access', 'GU', '--class', 'photo', '--who', police.ori);
    expect(one).toMatchObject({ code: 0, out: expect.stringContaining(`1 organisation: ${police.name} (${police.ori})`) as string });
    expect(one.out).toContain('asking themselves: with a case number');
    const ice = await run('access', 'GU', '--class', 'photo', '--who', 'component=ICE');
    expect(ice.out).toMatch(/asking themselves: never\n +through others: where somebody asks with a case number/);
    const matrix = (await json('access', '--matrix')) as unknown as { owners: { owner: string }[] };
    expect(matrix.owners).toHaveLength(56);
    for (const wrong of [['GU', '--class', 'phto'], ['GU', '--who', 'mission=x'], ['GU', '--world', 'x'], ['GU', '--matrix'], []]) expect((await run('access', ...wrong)).code, wrong.join(' ')).toBe(2);
  });

  it('tell the shortest way', async () => {
    const ran = await run('paths', 'GU', '--to', 'us/dhs/ice', '--class', 'photo');
    expect(ran.code).toBe(0);
    expect(ran.out).toMatch(/Way 1:\n {2}1\. Heron Bend Police Department \(GU5010100\) asks for the photo/);
    expect(await run('paths', 'GU', '--to', 'us/dhs/ice', '--class', 'ssn')).toMatchObject({ code: 1, out: expect.stringContaining('There is no way.') as string });
    expect((await run('paths', 'GU', '--to', 'nobody', '--class', 'photo')).code).toBe(1);
    expect((await run('paths', 'GU', '--class', 'photo')).code).toBe(2);
  });

  it('say the same through HTTP', async () => {
    expect(await (await fetch(`${weir.http}/v1/policies/GU/prove`, { method: 'POST' })).json()).toEqual(await json('prove', 'GU'));
    expect(await get('/v1/policies/GU/access?class=photo&who=component%3DICE')).toEqual(await json('access', 'GU', '--class', 'photo', '--who', 'component=ICE'));
    expect(await get('/v1/policies/GU/paths?to=us%2Fdhs%2Fice&class=photo')).toEqual(await json('paths', 'GU', '--to', 'us/dhs/ice', '--class', 'photo'));
    const draft = { method: 'POST', body: policy(3, noPolice), headers: { 'content-type': 'application/yaml' } };
    expect(await (await fetch(`${weir.http}/v1/policies/GU/prove`, draft)).json()).toMatchObject({ holds: false, policy: { version: 3 }, claims: [{ holds: false, claim: { id: 'GU-C2' } }] });
    expect((await fetch(`${weir.http}/v1/policies/WA/prove`, draft)).status).toBe(422);
    expect(await (await fetch(`${weir.http}/v1/policies/GU/diff`, draft)).json()).toMatchObject({ owner: 'GU', same: true, draft: { version: 3 } });
    const asked = { method: 'POST', body: JSON.stringify({ as: police.ori, classes: ['photo'] }), headers: { 'content-type': 'application/json' } };
    expect(await (await fetch(`${weir.http}/v1/policies/GU/ask`, asked)).json()).toMatchObject({
      decision: { classes: [{ dataClass: 'photo', outcome: 'deny' }] }, changes: [{ dataClass: 'photo', suggestions: [{ words: expect.stringContaining('case number') as string }] }],
    });
    expect(await get('/v1/policies/GU/page')).toMatchObject({ owner: 'GU', policyVersion: 2 });
    for (const as of ['yaml', 'json', 'words', 'cedar', 'cedarSchema', 'smtlib']) {
      const answer = await fetch(`${weir.http}/v1/policies/GU/export?as=${as}`);
      expect(answer.status, as).toBe(200);
      expect((await answer.text()).length, as).toBeGreaterThan(50);
    }
  });
});

describe('a policy with a claim that fails', () => {
  it('is refused with a request that shows it, and nothing is kept', async () => {
    const ran = await run('policy', 'activate', file('gu3.yaml'));
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/GU-C2 {2}FAILS[\s\S]*1\. .* asks for the photo, .*: given by rule GU-1\.[\s\S]*Not activated/);
    expect((await json('policy', 'show', 'GU'))['version']).toBe(2);
    expect((await run('policy', 'activate', file('gu3.yaml'), '--override', ' ')).code).toBe(2);
  });

  it('is activated by an override, which is put on the record with the reason kept', async () => {
    const ran = await run('policy', 'activate', file('gu3.yaml'), '--author', 'privacy office', '--override', 'order 2026-04, mended by June');
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('Overridden: GU-C2.');
    const shown = await until(async () => { const found = await get('/v1/policies/GU'); return found['version'] === 3 && (found['override'] as { recordedAt: string | null }).recordedAt !== null && found; });
    expect(shown['override']).toMatchObject({ claims: ['GU-C2'], reason: 'order 2026-04, mended by June', by: 'privacy office' });
    expect(await system('claimsOverridden')).toMatchObject([{ subject: 'GU 3 GU-C2', hash: shown['hash'] }]);
  });

  it('is recorded at the next start where no exchange ran', async () => {
    await weir.stop();
    await writeFile(file('gu4.yaml'), policy(4, noPolice));
    expect(await run('policy', 'activate', file('gu4.yaml'), '--override', 'the same order')).toMatchObject({ code: 0 });
    weir = await startProcess({ data: weir.data });
    await until(async () => (await system('claimsOverridden')).length === 2);
    expect((await system('claimsOverridden')).at(-1)?.subject).toBe('GU 4 GU-C2');
  });
});
