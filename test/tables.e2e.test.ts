import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, temporaryFolder, type WeirProcess } from '../bench/weirProcess.ts';
import { landmarkOris, people } from '../demo/landmarks.ts';
import { demoPolicies } from '../demo/policies/index.ts';
import { patientSettings } from './patient.ts';
import { ledgerEntries } from './readLedger.ts';
import { emptyExtension, type DecisionEntry, type Inquiry } from '../src/model/index.ts';
import { encodeInquiry } from '../src/wire/index.ts';
import { runWeir } from './run.ts';
import { until } from './until.ts';

let folder: string;
let weir: WeirProcess;

beforeAll(async () => {
  folder = await temporaryFolder();
  await patientSettings(join(folder, 'data'));
  weir = await startProcess({ data: join(folder, 'data'), residents: 5_000, agencies: 3_500 });
});
afterAll(async () => {
  await weir.stop();
  await rm(folder, { recursive: true, force: true });
});

const inquiry = (over: Partial<Inquiry> = {}): Inquiry => ({
  key: 'DQ', requester: landmarkOris.cityPolice, destinations: ['WA'], control: 'A1B2C3D4', subject: { kind: 'licence', number: people.tessa.licenceNumber }, image: null, reason: null,
  legacyPurpose: null, attention: null, extension: emptyExtension, ...over,
});
const ask = async (over: Partial<Inquiry> = {}): Promise<void> => {
  const answer = await fetch(`${weir.http}/v1/inquiries`, { method: 'POST', body: encodeInquiry('json', inquiry(over)), headers: { 'content-type': 'application/json' } });
  expect(answer.status).toBe(200);
  await answer.arrayBuffer();
};
const decisions = async (): Promise<DecisionEntry[]> => {
  return (await ledgerEntries(weir.data)).filter((entry) => entry.type === 'decision');
};

describe('compiled tables in a running exchange', () => {
  it('take effect while queries come, and no query is decided by half of each', async () => {
    const before = demoPolicies().find(({ owner }) => owner === 'WA')?.text ?? '';
    const version = Number(/^version: (\d+)$/m.exec(before)?.[1] ?? 0);
    const file = join(folder, 'wa.yaml');
    await writeFile(file, before.replace(/^version: \d+$/m, `version: ${version + 1}`).replace('rules:\n', 'rules:\n  - { id: WA-99, title: Nothing is given for a while, deny: { data: [name, address] } }\n'));
    await ask();
    let asking = true;
    const askers = Array.from({ length: 8 }, async () => {
      while (asking) await ask();
    });
    const activated = await runWeir(['policy', 'activate', file, '--override', 'a test of the switch', '--data', weir.data]);
    expect(activated.code).toBe(0);
    await until(decisions, (entries) => entries.length > 60 && entries.at(-1)?.policyVersion === version + 1);
    asking = false;
    await Promise.all(askers);
    const entries = (await decisions()).filter(({ owner }) => owner === 'WA');
    const tables = new Map(entries.map(({ policyVersion, tableHash }) => [policyVersion, tableHash]));
    expect([...tables.keys()]).toEqual([version, version + 1]);
    expect(new Set(tables.values()).size).toBe(2);
    for (const entry of entries) {
      const closed = entry.policyVersion === version + 1;
      expect(entry.tableHash).toBe(tables.get(entry.policyVersion));
      for (const one of entry.decisions) if (one.dataClass === 'name' || one.dataClass === 'address') expect(one.rules.includes('WA-99')).toBe(closed);
    }
  });

  it('decide every entry again as it stands on the record', async () => {
    await ask({ requester: landmarkOris.iceEro });
    await ask({ requester: landmarkOris.sheriff287g, destinations: ['OR'] });
    await ask({ destinations: ['NL'], extension: { ...emptyExtension, purpose: 'criminalInvestigation', caseNumber: '26-004417' } });
    await ask({ extension: { ...emptyExtension, onBehalfOf: landmarkOris.iceEro } });
    const told = await runWeir(['journal', 'redecide', '--data', weir.data, '--json']);
    expect(JSON.parse(told.out)).toMatchObject({ ok: true, findings: 0 });
    expect((JSON.parse(told.out) as { same: number }).same).toBeGreaterThan(60);
    expect(told.code).toBe(0);
  });
});
