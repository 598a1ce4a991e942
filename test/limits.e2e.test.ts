import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askers, askWith, countJournal, limitPolicy, over } from '../bench/limitLoad.ts';
import { startProcess, temporaryFolder, type WeirProcess } from '../bench/weirProcess.ts';
import { patientSettings } from './patient.ts';
import { runWeir } from './run.ts';
import { until } from './until.ts';

let folder: string;
let weir: WeirProcess;
const version = 1_000;
/** Three tests of 300 s at most, which is the limit of each (vitest.config.ts). Milliseconds. */
const testsTake = 900_000;
const limits = { photoPerAgency: 25, bothPerAgency: 40, perOwner: 120 };

beforeAll(async () => {
  folder = await temporaryFolder();
  await patientSettings(join(folder, 'data'));
  weir = await startProcess({ data: join(folder, 'data'), residents: 2_000, agencies: 3_500 });
  await writeFile(join(folder, 'wa.yaml'), limitPolicy(version, limits));
  await activate('wa.yaml', version);
  await passMonthEnd();
}, 600_000 + testsTake);
afterAll(async () => {
  await weir.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The end of a month (UTC) empties every counter of this policy: where the tests could meet it, it is waited for before the first is counted. */
async function passMonthEnd(): Promise<void> {
  const now = new Date();
  const left = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 1) - now.getTime();
  if (left < testsTake) await new Promise((later) => setTimeout(later, left + 1_000));
}

/** Resolves once the exchange decides by it. */
async function activate(file: string, to: number): Promise<void> {
  const done = await runWeir(['policy', 'activate', join(folder, file), '--data', weir.data]);
  if (done.code !== 0) throw new Error(done.errors + done.out);
  const inForce = await until(async () => (await (await fetch(`${weir.http}/v1/policies/WA`)).json()) as { version: number }, (policy) => policy.version === to);
  expect(inForce.version).toBe(to);
}

const journal = (): ReturnType<typeof countJournal> => countJournal(weir.data, version);
const upTo = (count: number): number[] => Array.from({ length: count }, (_one, n) => n);

describe('volume limits under 64 concurrent askers, with the exchange killed in the middle', () => {
  it('are never one over, and exactly full once more was asked than they allow', async () => {
    let stop = false;
    const asking = askWith(weir.http, 64, 10_000, () => stop);
    while ((await journal()).photos < 10) await new Promise((later) => setTimeout(later, 20));
    await weir.kill();
    stop = true;
    const before = await asking;
    const recorded = await journal();
    expect(over(recorded)).toBe(0);
    // What was given is on the record; what is on the record may have been cut off on its way.
    expect(before.photos).toBeLessThanOrEqual(recorded.photos);

    weir = await startProcess({ data: weir.data });
    const after = await askWith(weir.http, 64, 600);
    expect(after.failed).toBe(0);
    const all = await journal();
    expect(all.uncounted).toBe(0);
    expect(after.photos).toBe(all.photos - recorded.photos);
    expect(after.addresses).toBe(all.addresses - recorded.addresses);
    expect(over(all)).toBe(0);
    const counts = Object.fromEntries([...all.counters.values()].map(({ name, used }) => [name.replace(/ \d{4}-\d\d$/, ''), used.length]));
    expect(counts['OWNER *']).toBe(limits.perOwner);
    expect(Object.entries(counts).filter(([name]) => name.startsWith('PHOTO')).map(([, count]) => count)).toEqual(askers.map(() => limits.photoPerAgency));
    expect(all.addresses).toBe(limits.perOwner);
  });

  it('are used up as well after a restart, and shown so', async () => {
    const again = await askWith(weir.http, 64, 200);
    expect([again.photos, again.addresses, again.failed]).toEqual([0, 0, 0]);
    expect(await weir.stop()).toBe(0);
    weir = await startProcess({ data: weir.data });
    const after = await askWith(weir.http, 64, 200);
    expect([after.photos, after.addresses, after.answers]).toEqual([0, 0, 200]);
    const shown = await runWeir(['policy', 'limits', 'WA', '--data', weir.data]);
    expect(shown.out).toContain(`${limits.perOwner} of ${limits.perOwner}  all together  used up`);
    expect(shown.out.match(/25 of 25 .* used up/g)).toHaveLength(askers.length);
    // The raw counters on the record are enough to make every decision again.
    const redecided = await runWeir(['journal', 'redecide', '--data', weir.data, '--json']);
    expect(JSON.parse(redecided.out)).toMatchObject({ ok: true, findings: 0 });
  });
});

describe('a counter', () => {
  it('is found by each request as the one before left it', async () => {
    await writeFile(join(folder, 'next.yaml'), limitPolicy(version + 1, { photoPerAgency: 60, bothPerAgency: 1_000, perOwner: 1_000 }).replaceAll('PHOTO', 'PHOTO-2').replaceAll('BOTH', 'BOTH-2').replaceAll('OWNER', 'OWNER-2'));
    await activate('next.yaml', version + 1);
    expect((await askWith(weir.http, 64, 400)).photos).toBe(60 * askers.length);
    const { counters } = await countJournal(weir.data, version + 1);
    for (const { name, used } of counters.values()) expect({ name, used: used.sort((a, b) => a - b) }).toEqual({ name, used: upTo(used.length) });
    expect(counters.size).toBe(askers.length * 2 + 1);
  });
});
