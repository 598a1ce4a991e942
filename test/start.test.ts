import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProcess, temporaryFolder } from '../bench/weirProcess.ts';
import { startTestPostgres } from './postgres.ts';
import { patientSettings } from './patient.ts';
import { runWeir } from './run.ts';

let folder: string;
beforeAll(async () => {
  folder = await temporaryFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const oneSentence = (errors: string): void => {
  expect(errors).toMatch(/^weir: .+\n {6}.+/m);
  expect(errors).not.toMatch(/\bat .*\.[jt]s:\d+/);
};

describe('weir start says in one sentence what is in the way', () => {
  it('a port in use', async () => {
    const other = createServer();
    const port = await new Promise<number>((done) => other.listen(0, '127.0.0.1', () => done((other.address() as { port: number }).port)));
    const ran = await runWeir(['start', '--data', join(folder, 'port'), '--port', String(port)]);
    other.close();
    expect(ran.code).toBe(3);
    expect(ran.errors).toContain(String(port));
    oneSentence(ran.errors);
  });

  it('a data folder of a newer version', async () => {
    const data = join(folder, 'newer');
    await mkdir(data);
    await writeFile(join(data, 'weir.json'), JSON.stringify({ format: 999, id: 'x', madeAt: '2030-01-01T00:00:00Z', madeBy: 'weir 9.0.0' }));
    const ran = await runWeir(['start', '--data', data, '--port', '0', '--tls-port', '0']);
    expect(ran.code).toBe(3);
    oneSentence(ran.errors);
  });

  it('a database that cannot be reached, without its password', async () => {
    const ran = await runWeir(['start', '--data', join(folder, 'db'), '--port', '0', '--tls-port', '0'], { DATABASE_URL: 'postgres://weir:MARKER@127.0.0.1:1/weir' });
    expect(ran.code).toBe(3);
    expect(ran.errors + ran.out).not.toContain('MARKER');
    oneSentence(ran.errors);
  });

  it('settings that are not valid, by line', async () => {
    const file = join(folder, 'settings.yaml');
    await writeFile(file, 'mode: demonstration\nhttp:\n  prot: 1\n');
    const ran = await runWeir(['start', '--data', join(folder, 'set'), '--settings', file]);
    expect(ran.code).toBe(3);
    expect(ran.errors).toContain(`${file}:3`);
  });

  it('wrong words on the command line', async () => {
    expect((await runWeir(['start', '--residents', 'many'])).code).toBe(2);
    expect((await runWeir(['strat'])).code).toBe(2);
  });
});

describe('with a PostgreSQL of its own choice', () => {
  it('migrates it, invents the network into it, answers, and starts again on it', async () => {
    const postgres = await startTestPostgres();
    const data = join(folder, 'external');
    const env = { DATABASE_URL: postgres.url };
    await patientSettings(data);
    try {
      for (const _start of [1, 2]) {
        const weir = await startProcess({ data, residents: 2_000, agencies: 3_500, env });
        const answer = await fetch(`${weir.http}/v1/inquiries`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'DQ.WA5010100.WA.TXT\nOLN/WDL3B7K902XM' });
        expect(await answer.text()).toContain('MARROWBY,TESSA Q');
        expect(await weir.stop()).toBe(0);
      }
    } finally {
      await postgres.stop();
    }
  });
});

describe('a running exchange', () => {
  it('is the only one on its folder, is not mistaken for production, and leaves nothing running', async () => {
    const data = join(folder, 'running');
    const weir = await startProcess({ data, residents: 2_000, agencies: 3_500 });
    const second = await runWeir(['start', '--data', data, '--port', '0', '--tls-port', '0']);
    expect(second.code).toBe(3);
    oneSentence(second.errors);
    const cluster = (JSON.parse(await readFile(join(data, 'weir.json'), 'utf8')) as { cluster?: string }).cluster ?? join(data, 'postgres');
    const postmaster = Number((await readFile(join(cluster, 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
    expect(await weir.stop()).toBe(0);
    expect(() => process.kill(postmaster, 0)).toThrow();
    const production = await runWeir(['start', '--production', '--data', data, '--tls-port', '0']);
    expect(production.code).toBe(3);
    oneSentence(production.errors);
  });
});
