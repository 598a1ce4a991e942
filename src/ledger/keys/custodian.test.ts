import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, temporaryFolder } from '../cases.ts';
import { keyProgram } from './cases.ts';
import { commandCustodian } from './commandCustodian.ts';
import type { KeyCustodian } from './custodian.ts';
import { folderCustodian } from './folderCustodian.ts';

let folder: string;
let remove: () => void;
const opened: KeyCustodian[] = [];
beforeEach(() => {
  ({ folder, remove } = temporaryFolder());
  mkdirSync(folder);
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  remove();
});

function isSigned(publicKey: Buffer, message: Buffer, signature: Buffer): boolean {
  return verify(null, message, createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]), format: 'der', type: 'spki' }), signature);
}

const kinds: readonly (readonly [string, () => Promise<KeyCustodian>])[] = [
  ['in files', () => folderCustodian(folder)],
  ['behind a program', () => Promise.resolve(commandCustodian({ command: keyProgram(folder), timeoutMs: 60_000 }))],
  ['behind a program that keeps dying', () => Promise.resolve(commandCustodian({ command: keyProgram(folder, 'die'), timeoutMs: 60_000, restartMs: 0 }))],
];

describe.each(kinds)('a custodian %s', (_kind, make) => {
  const open = async (): Promise<KeyCustodian> => {
    const one = await make();
    opened.push(one);
    return one;
  };
  const key = randomBytes(32);

  it('gives back what it wrapped, after a restart too, and wraps it differently each time', async () => {
    const one = await open();
    const wrapped = await one.wrap('ZY', 'a day', key);
    expect((await one.wrap('ZY', 'a day', key)).equals(wrapped)).toBe(false);
    expect(wrapped.includes(key)).toBe(false);
    expect(await (await open()).unwrap('ZY', 'a day', wrapped)).toEqual(key);
  });

  it('refuses what was wrapped for another owner or use, and what was altered or cut', async () => {
    const one = await open();
    const wrapped = await one.wrap('ZY', 'a day', key);
    expect(await codeOf(one.unwrap('ZX', 'a day', wrapped))).toBe('KEY_WRAP');
    expect(await codeOf(one.unwrap('ZY', 'another day', wrapped))).toBe('KEY_WRAP');
    for (const at of [0, 5, 15, wrapped.length - 1]) {
      const altered = Buffer.from(wrapped);
      altered[at]! ^= 1;
      expect(await codeOf(one.unwrap('ZY', 'a day', altered))).toBe('KEY_WRAP');
    }
    expect(await codeOf(one.unwrap('ZY', 'a day', wrapped.subarray(0, 40)))).toBe('KEY_WRAP');
  });

  it('signs with one key for each name, the same after a restart', async () => {
    const one = await open();
    const [zy, zx, message] = [await one.publicKey('zy'), await one.publicKey('zx'), Buffer.from('a checkpoint\n')];
    expect(zy.equals(zx)).toBe(false);
    expect(isSigned(zy, message, await one.sign('zy', message))).toBe(true);
    const again = await open();
    expect(await again.publicKey('zy')).toEqual(zy);
    expect(isSigned(zy, message, await again.sign('zy', message))).toBe(true);
  });

  it('takes another key for signing only when it is told to', async () => {
    const one = await open();
    const [old, message] = [await one.publicKey('zy'), Buffer.from('x')];
    const next = await one.nextSigner('zy');
    expect(await one.nextSigner('zy')).toEqual(next);
    expect(isSigned(old, message, await one.sign('zy', message))).toBe(true);
    await one.takeSigner('zy').catch(() => one.takeSigner('zy'));
    expect(await one.publicKey('zy')).toEqual(next);
    expect(isSigned(next, message, await (await open()).sign('zy', message))).toBe(true);
  });

  it('knows both masters of an owner until the old one is given up', async () => {
    const one = await open();
    const before = await one.wrap('ZY', 'c', key);
    await one.nextMaster('ZY').catch(() => one.nextMaster('ZY'));
    const after = await one.wrap('ZY', 'c', key);
    for (const wrapped of [before, after]) expect(await (await open()).unwrap('ZY', 'c', wrapped)).toEqual(key);
    await one.takeMaster('ZY').catch(() => one.takeMaster('ZY'));
    expect(await one.unwrap('ZY', 'c', after)).toEqual(key);
    expect(await codeOf(one.unwrap('ZY', 'c', before))).toBe('KEY_WRAP');
    expect(await codeOf((await open()).unwrap('ZY', 'c', before))).toBe('KEY_WRAP');
  });

  it('never looks outside its folder, whatever an owner or a key is called', async () => {
    const one = await open();
    for (const owner of ['../x', 'zy', 'ZYX', '']) expect(await codeOf(one.wrap(owner, 'c', key))).toBe('KEY_OWNER');
    for (const name of ['../x', 'ZY', 'zyx', '', 'wa.key']) expect(await codeOf(one.publicKey(name))).toBe('KEY_NAME');
  });
});

describe('keys in files', () => {
  it('are for nobody else to read, and refused where they are open, cut or of another format', async () => {
    const one = await folderCustodian(folder);
    const wrapped = await one.wrap('ZY', 'c', randomBytes(32));
    await one.publicKey('zy');
    const [master, signer] = [join(folder, 'owners', 'ZY.key'), join(folder, 'logs', 'zy.key')];
    for (const path of [master, signer]) expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const [path, use] of [[master, (c: KeyCustodian) => c.unwrap('ZY', 'c', wrapped)], [signer, (c: KeyCustodian) => c.publicKey('zy')]] as const) {
      const good = readFileSync(path, 'latin1');
      for (const bad of ['', 'x', good.slice(0, 50), good.slice(10)]) {
        writeFileSync(path, bad);
        expect(await codeOf(folderCustodian(folder).then<unknown>(use))).toBe('KEY_FILE');
        expect(readFileSync(path, 'latin1')).toBe(bad);
      }
      writeFileSync(path, good);
      chmodSync(path, 0o604);
      expect(await codeOf(folderCustodian(folder).then<unknown>(use))).toBe('KEY_FILE');
      chmodSync(path, 0o600);
      expect(await codeOf(folderCustodian(folder).then<unknown>(use))).toBe('none');
    }
  });

  it('a signing key may be the 32 bytes of RFC 8032 in hexadecimal', async () => {
    const one = await folderCustodian(folder);
    // RFC 8032, section 7.1, test 1.
    writeFileSync(join(folder, 'logs', 'zy.key'), '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60\n', { mode: 0o600 });
    expect((await one.publicKey('zy')).toString('hex')).toBe('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a');
    expect((await one.sign('zy', Buffer.alloc(0))).toString('hex').slice(0, 16)).toBe('e5564300c360ac72');
  });

  it('what a rotation that was cut short leaves is finished, and never the key itself', async () => {
    const one = await folderCustodian(folder);
    const [path, message] = [join(folder, 'logs', 'zy.key'), Buffer.from('x')];
    const old = await one.publicKey('zy');
    const next = await one.nextSigner('zy');
    // Ended between link and rename: two names of the one key.
    linkSync(path, `${path}.retired`);
    const again = await folderCustodian(folder);
    expect(await again.publicKey('zy')).toEqual(old);
    // Ended between rename and destruction.
    const text = readFileSync(path);
    await again.takeSigner('zy');
    writeFileSync(`${path}.retired`, text);
    const last = await folderCustodian(folder);
    expect(await last.publicKey('zy')).toEqual(next);
    expect(isSigned(next, message, await last.sign('zy', message))).toBe(true);
    expect(readdirSync(join(folder, 'logs'))).toEqual(['zy.key']);
  });
});

describe('a program that keeps keys', () => {
  const ask = async (command: readonly string[], timeoutMs = 300): Promise<unknown> => {
    const one = commandCustodian({ command, timeoutMs, restartMs: 0 });
    opened.push(one);
    return codeOf(one.publicKey('zy'));
  };

  it('that is silent, answers nonsense or too long, refuses, is not there or ends at once is a clear error', async () => {
    for (const fault of ['silent', 'garbage', 'long', 'short', 'refuse'] as const) expect(await ask(keyProgram(folder, fault), fault === 'silent' ? 300 : 5_000), fault).toBe('KEY_CUSTODIAN');
    expect(await ask([join(folder, 'not-there')])).toBe('KEY_CUSTODIAN');
    expect(await ask([process.execPath, '-e', ''], 5_000)).toBe('KEY_CUSTODIAN');
  });

  it('is asked many things at once, and each gets its own answer', async () => {
    const one = commandCustodian({ command: keyProgram(folder) });
    opened.push(one);
    const keys = Array.from({ length: 60 }, () => randomBytes(32));
    const wrapped = await Promise.all(keys.map((key, n) => one.wrap('ZY', String(n), key)));
    expect(await Promise.all(wrapped.map((bytes, n) => one.unwrap('ZY', String(n), bytes)))).toEqual(keys);
    expect(existsSync(join(folder, 'owners'))).toBe(false);
  });

  it('is not started again after it was closed', async () => {
    const one = commandCustodian({ command: keyProgram(folder) });
    await one.publicKey('zy');
    await one.close();
    await one.close();
    expect(await codeOf(one.publicKey('zy'))).toBe('KEY_CUSTODIAN');
  });
});
