import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runVerbs, type VerbRun } from '../../../test/runVerbs.ts';
import { canonicalJson } from '../../publish/index.ts';
import { sampleAggregate, sampleApproval } from '../../publish/samples.ts';
import { confined, runBuilder } from './builder.ts';
import { addPublic } from './index.ts';

let folder: string;
let files: { aggregate: string; approval: string; site: string };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-public-'));
  files = { aggregate: join(folder, 'aggregate.json'), approval: join(folder, 'approval.json'), site: join(folder, 'site') };
  await writeFile(files.aggregate, `${canonicalJson(sampleAggregate)}\n`);
  await writeFile(files.approval, `${canonicalJson(sampleApproval(sampleAggregate))}\n`);
});
afterEach(async () => { await rm(folder, { recursive: true, force: true }); process.exitCode = 0; });

const weir = (...words: string[]): Promise<VerbRun> => runVerbs([addPublic], ['--data', join(folder, 'data'), 'public', ...words]);

describe('the process of the builder', () => {
  it('builds a site that is found sound', async () => {
    expect(await runBuilder(files)).toMatchObject({ owner: 'WA', version: 1 });
    expect(await weir('check', files.site, '--json')).toMatchObject({ exit: 0 });
    await writeFile(join(files.site, 'v1', 'rules.html'), 'other');
    expect(await weir('check', files.site)).toMatchObject({ exit: 1 });
    await expect(runBuilder(files)).rejects.toMatchObject({ exit: 1 });
  });

  it('cannot read the ledger, write elsewhere, connect, listen, or start anything', async () => {
    const secret = join(folder, 'ledger.wal');
    await writeFile(secret, 'who asked about whom');
    const server = createServer();
    const socket = join(folder, 'socket');
    await new Promise<void>((resolve) => { server.listen(socket, resolve); });
    let reached = 0;
    server.on('connection', () => { reached += 1; });
    const probe = join(folder, 'probe.mjs');
    await writeFile(probe, `
      import fs from 'node:fs'; import net from 'node:net'; import child from 'node:child_process'; import { Worker } from 'node:worker_threads'; import dgram from 'node:dgram'; import dns from 'node:dns'; import http from 'node:http';
      const tried = {};
      const attempt = async (name, work) => { try { await work(); tried[name] = 'DONE'; } catch (error) { tried[name] = error.code ?? error.message; } };
      const connected = (options) => new Promise((resolve, reject) => { const s = net.connect(options); s.once('connect', resolve); s.once('error', reject); });
      await attempt('read', () => fs.readFileSync(${JSON.stringify(secret)}));
      await attempt('list', () => fs.readdirSync(${JSON.stringify(folder)}));
      await attempt('write', () => fs.writeFileSync(${JSON.stringify(join(folder, 'out'))}, 'x'));
      await attempt('writeAggregate', () => fs.appendFileSync(process.argv[2], 'x'));
      await attempt('link', () => fs.symlinkSync(${JSON.stringify(secret)}, process.argv[4] + '/link'));
      await attempt('socketFile', () => connected({ path: ${JSON.stringify(socket)} }));
      await attempt('tcp', () => connected({ port: 80, host: '127.0.0.1' }));
      await attempt('fetch', () => fetch('http://127.0.0.1:80/').catch((error) => { throw error.cause ?? error; }));
      await attempt('http', () => new Promise((resolve, reject) => { http.get('http://127.0.0.1:80/', resolve).on('error', reject); }));
      await attempt('listen', () => new Promise((resolve, reject) => { const s = net.createServer(); s.once('error', reject); s.listen(0, resolve); }));
      await attempt('udp', () => dgram.createSocket('udp4').send('x', 9, '127.0.0.1'));
      await attempt('dns', () => dns.promises.lookup('localhost'));
      await attempt('process', () => child.execSync('true'));
      await attempt('thread', () => new Worker('1', { eval: true }));
      await attempt('binding', () => process.binding('tcp_wrap'));
      await attempt('environment', () => { if (Object.keys(process.env).length === 0) throw new Error('empty'); });
      process.stdout.write(JSON.stringify(tried)); process.exit(0);`);
    const { out } = await confined({ ...files, program: probe });
    server.close();
    const tried = JSON.parse(out) as Record<string, string>;
    expect(Object.entries(tried).filter(([, came]) => came === 'DONE')).toEqual([]);
    expect(Object.keys(tried)).toHaveLength(16);
    expect(reached).toBe(0);
    expect(await readFile(files.aggregate, 'utf8')).toBe(`${canonicalJson(sampleAggregate)}\n`);
    expect(await readdir(files.site)).toEqual([]);
  });
});

describe('weir public', () => {
  it('shows what it would approve, and approves nothing without an office', async () => {
    const { out, exit } = await weir('approve', files.aggregate);
    expect(exit).toBe(0);
    expect(out).toContain('DEMONSTRATION');
    expect(out).toContain('are hidden');
  });

  it.each([
    ['the office that prepared it', ['--by', 'privacy office'], 1],
    ['a name that cannot be', ['--by', 'x'], 2],
  ])('refuses %s as approver', async (_, words, exit) => {
    expect(await weir('approve', files.aggregate, ...words, '--out', join(folder, 'new.json'))).toMatchObject({ exit });
    expect((await readdir(folder)).includes('new.json')).toBe(false);
  });

  it('builds nothing that the ledger has no approval of', async () => {
    expect(await weir('build', files.aggregate, files.approval, '--out', files.site)).toMatchObject({ exit: 1 });
    expect((await readdir(folder)).includes('site')).toBe(false);
  });

  it('tells what is wrong with a file', async () => {
    await writeFile(files.aggregate, '{"weirAggregate":1}');
    expect(await weir('approve', files.aggregate)).toMatchObject({ exit: 1 });
    expect(await weir('approve', join(folder, 'none.json'))).toMatchObject({ exit: 2 });
    expect(await weir('check', folder)).toMatchObject({ exit: 1 });
    expect(await weir('prepare', 'WA', '--by', 'An office', '--licence', 'mine')).toMatchObject({ exit: 2 });
    expect(await weir('prepare', 'WA', '--by', 'An office', '--earlier', folder, '--out', join(folder, 'n.json'))).toMatchObject({ exit: 2 });
  });
});
