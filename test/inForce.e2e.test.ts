import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, temporaryFolder, type WeirProcess } from '../bench/weirProcess.ts';
import { patientSettings } from './patient.ts';
import { heldByLegacy, persona, type Client } from './peopleClient.ts';
import { runWeir } from './run.ts';
import { until } from './until.ts';
import { steppedWall, type SteppedWall } from './steppedWall.ts';

const [hour, day] = [3_600_000, 86_400_000];

/** A query that Washington holds; gives until when a person decides, and when it was asked, as the ticket says. */
async function held(weir: WeirProcess, control: string): Promise<{ readonly asked: number; readonly deadline: number }> {
  const { ticket } = await heldByLegacy(weir.http, control);
  const found = (await (await fetch(`${weir.http}/v1/tickets/${ticket}`)).json()) as { readonly asked: string; readonly deadline: string };
  return { asked: Date.parse(found.asked), deadline: Date.parse(found.deadline) };
}

describe('an exchange, and commands in processes of their own on its database', () => {
  let folder: string;
  let weir: WeirProcess;
  let wall: SteppedWall;
  const start = async (): Promise<void> => { weir = await startProcess({ data: `${folder}/data`, residents: 2_000, agencies: 3_500, nodeArguments: wall.nodeArguments }); };
  beforeAll(async () => {
    folder = await temporaryFolder();
    await patientSettings(`${folder}/data`);
    wall = await steppedWall(folder);
    await start();
  });
  afterAll(async () => {
    await weir.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const command = async (...words: string[]): Promise<Record<string, unknown>> => {
    const { code, out, errors } = await runWeir([...words, '--data', `${folder}/data`, '--json']);
    if (code !== 0) throw new Error(`weir ${words.join(' ')} ended with ${String(code)}: ${errors}${out}`);
    return JSON.parse(out) as Record<string, unknown>;
  };
  const inbox = async (client: Client): Promise<number> => (await client.send('GET', '/v1/owners/WA/held')).status;

  it('a token that a command revokes is refused, and so is its account once a command disables it', async () => {
    const ruth = await persona(weir.http, 'Ruth');
    const made = await ruth.send('POST', '/account/tokens', new URLSearchParams({ name: 'inbox', action: 'held.read', days: '2' }));
    const secret = /weir_[A-Za-z0-9_-]{43}/.exec(made.text)?.[0] ?? '';
    const byToken = async (): Promise<number> => (await fetch(`${weir.http}/v1/owners/WA/held`, { headers: { authorization: `Bearer ${secret}` } })).status;
    expect([await byToken(), await inbox(ruth)]).toEqual([200, 200]);
    const [token] = (await command('person', 'tokens', ruth.account)) as unknown as readonly { readonly id: string }[];
    await command('person', 'revoke-token', ruth.account, token?.id ?? '');
    expect(await until(byToken, (status) => status !== 200)).toBe(401);
    expect(await inbox(ruth)).toBe(200);
    await command('person', 'disable', ruth.account, '--why', 'left');
    expect(await until(() => inbox(ruth), (status) => status !== 200)).toBe(401);
    await command('person', 'enable', ruth.account);
    expect(await inbox(ruth)).toBe(401);
  });

  it('a policy that a command activates is the one that answers', async () => {
    const policy = async (): Promise<{ readonly version: number; readonly hash: string }> => (await (await fetch(`${weir.http}/v1/policies/OR`)).json()) as { version: number; hash: string };
    const before = await policy();
    const file = join(folder, 'or.yaml');
    await writeFile(file, `policy: OR\nversion: ${before.version + 1}\neffective: 2026-01-01\nrules:\n  - { id: OR-1, release: { data: name, to: { level: municipal } } }\n`);
    await command('policy', 'activate', file);
    expect((await until(policy, ({ version }) => version !== before.version)).version).toBe(before.version + 1);
  });

  it('the clock on the wall set back, forward, and back at a start: sessions go on, and deadlines follow what has passed', async () => {
    const olive = await persona(weir.http, 'Olive');
    const first = await held(weir, 'C0000001');
    await wall.step(-2 * day);
    expect(await inbox(olive)).toBe(200);
    const second = await held(weir, 'C0000002');
    expect(second.asked).toBeGreaterThanOrEqual(first.asked);
    expect(second.deadline).toBeGreaterThanOrEqual(first.deadline);

    await wall.step(2 * day);
    const third = await held(weir, 'C0000003');
    expect(third.asked - second.asked).toBeLessThan(hour);
    expect(await inbox(olive)).toBe(200);

    await wall.step(0);
    expect(await inbox(olive)).toBe(200);
    await weir.stop();
    await wall.step(-2 * day, false);
    await start();
    const fourth = await held(weir, 'C0000004');
    expect(fourth.asked).toBeGreaterThan(first.asked - hour);
  });
});
