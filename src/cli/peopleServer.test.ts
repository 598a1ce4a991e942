import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeServerFile } from '../store/index.ts';
import { callTarget } from './held/call.ts';
import { runningForPeople } from './peopleServer.ts';

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'weir-people-server-'));
  await mkdir(join(data, 'run'));
});
afterEach(() => rm(data, { recursive: true, force: true }));

describe('the exchange on the data folder, for people', () => {
  it('is where people come in, and not where systems do', async () => {
    await writeServerFile(data, ['https://127.0.0.1:8443'], 'https://localhost:8444');
    expect((await runningForPeople({ data })).url).toBe('https://localhost:8444');
  });

  it('is trusted by its own authority, where it has one', async () => {
    await writeServerFile(data, ['https://127.0.0.1:8443'], 'https://localhost:8444');
    const known = (await runningForPeople({ data })).ca ?? [];
    await mkdir(join(data, 'keys', 'authority'), { recursive: true });
    await writeFile(join(data, 'keys', 'authority', 'authority.crt'), 'its own');
    expect((await runningForPeople({ data })).ca).toEqual([...known, 'its own']);
    await writeServerFile(data, ['http://localhost:8080'], 'http://localhost:8080');
    expect((await runningForPeople({ data })).ca).toBeNull();
  });

  it('is not there where none runs, or none lets people in', async () => {
    await expect(runningForPeople({ data })).rejects.toMatchObject({ exit: 3 });
    await writeServerFile(data, ['https://127.0.0.1:8443']);
    await expect(runningForPeople({ data })).rejects.toMatchObject({ exit: 3 });
  });

  it('of held requests: a person goes there, a system with its certificate to the other', async () => {
    await writeServerFile(data, ['https://127.0.0.1:8443'], 'https://localhost:8444');
    expect((await callTarget({ data }, 'weir_token')).server).toBe('https://localhost:8444');
    expect((await callTarget({ data, cert: 'agency.crt' }, null)).server).toBe('https://127.0.0.1:8443');
    expect((await callTarget({ data, server: 'https://weir.example' }, 'weir_token')).server).toBe('https://weir.example');
  });
});
