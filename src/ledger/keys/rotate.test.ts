import { createPublicKey, verify } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { keyIdOf, noteTypes, openNote, parseVkey, signatureLine } from '../../verify/note.ts';
import { codeOf, temporaryFolder } from '../cases.ts';
import { dayOf } from '../record.ts';
import { keyProgram } from './cases.ts';
import type { KeyCustodian } from './custodian.ts';
import { folderCustodian, listKeys, openKeys } from './index.ts';
import type { Keys } from './index.ts';

let folder: string;
let remove: () => void;
const opened: Keys[] = [];
beforeEach(() => ({ folder, remove } = temporaryFolder()));
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  remove();
});

const today = dayOf(Date.parse('2026-11-22T12:00:00.000Z'));
const noteName = 'weir.example.org/log/zy';
const message = Buffer.from('weir.example.org/log/zy\n1\nAAAA\n');

function isSigned(publicKey: Buffer, signature: Buffer): boolean {
  return verify(null, message, createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), publicKey]), format: 'der', type: 'spki' }), signature);
}

describe.each(['files', 'program'] as const)('with keys in %s', (kind) => {
  const open = async (): Promise<Keys> => {
    const keys = await openKeys(folder, ['ZY'], kind === 'files' ? {} : { command: keyProgram(folder.replace(/journal$/, '')) });
    opened.push(keys);
    return keys;
  };

  it.each(['zy', 'anchor', 'receipts'])('the key of %s rotates: the new one signs, the old vkey stays, and the log is told of both', async (name) => {
    const keys = await open();
    const old = await keys.signer(name, noteName);
    const events = await keys.rotateSigner(name, noteName);
    const fresh = await (await open()).signer(name, noteName);
    expect(fresh.publicKey.equals(old.publicKey)).toBe(false);
    expect(isSigned(fresh.publicKey, await fresh.sign(message))).toBe(true);
    expect(events.map(({ event, subject }) => [event, subject])).toEqual([['keyAdded', noteName], ['keyRetired', noteName]]);
    expect(events.map(({ detail }) => Buffer.from(parseVkey(detail.vkey).publicKey))).toEqual([fresh.publicKey, old.publicKey]);
    expect((await listKeys(folder)).signers.find((one) => one.name === name)?.old).toEqual([events[1]?.detail.vkey]);
  });

  it('a rotation that was begun and not finished changes nothing, and is continued with the same key', async () => {
    const keys = await open();
    const old = await keys.signer('zy', noteName);
    const begun = await keys.beginRotation('zy', noteName);
    expect((await (await open()).signer('zy', noteName)).publicKey).toEqual(old.publicKey);
    const again = await (await open()).beginRotation('zy', noteName);
    expect(again.events).toEqual(begun.events);
    await again.finish();
    expect((await (await open()).signer('zy', noteName)).publicKey).toEqual(Buffer.from(parseVkey(begun.events[0]?.detail.vkey ?? '').publicKey));
    expect(await codeOf(keys.beginRotation('../zy', noteName))).toBe('KEY_NAME');
  });

  it('what the old key published is signed anew, with its cosignatures, and nothing else is', async () => {
    const keys = await open();
    const old = await keys.signer('zy', noteName);
    const text = `${noteName}\n1\n${Buffer.alloc(32).toString('base64')}\n`;
    const cosigned = signatureLine('witness.example', Buffer.alloc(4, 1), Buffer.alloc(72, 2));
    const good = `${text}\n${signatureLine(noteName, await keyIdOf(nodeCrypto, noteName, noteTypes.ed25519, old.publicKey), await old.sign(Buffer.from(text)))}${cosigned}`;
    const published = join(folder, 'published');
    mkdirSync(published);
    writeFileSync(join(published, 'checkpoint'), good, { mode: 0o644 });
    writeFileSync(join(published, 'cosigned'), good.replace('\n1\n', '\n2\n'));
    const [added, retired] = await keys.rotateSigner('zy', noteName, published);
    const note = readFileSync(join(published, 'checkpoint'), 'utf8');
    expect((await openNote(nodeCrypto, note, [added!.detail.vkey])).text).toBe(text);
    expect(await codeOf(openNote(nodeCrypto, note, [retired!.detail.vkey]))).toBe('unsigned');
    expect(note.endsWith(cosigned)).toBe(true);
    expect(statSync(join(published, 'checkpoint')).mode & 0o777).toBe(0o644);
    expect(readFileSync(join(published, 'cosigned'), 'utf8')).toBe(good.replace('\n1\n', '\n2\n'));
    expect(readdirSync(published)).toEqual(['checkpoint', 'cosigned']);
  });

  it('an owner’s master rotates: day keys, tags and seals stay, all wrapped anew', async () => {
    const keys = await open();
    const days = await Promise.all([today, today + 1].map((day) => keys.days.ready('ZY', day, 'disclosure')));
    const [sealed, tag] = [keys.seal('ZY', 'ANN EXAMPLE'), keys.tag('ZY', { kind: 'licence', number: 'X1' })];
    const names = readdirSync(join(folder, 'owners', 'ZY')).filter((name) => /^\d/.test(name));
    const textOf = (name: string): string => readFileSync(join(folder, 'owners', 'ZY', name), 'latin1');
    const before = names.map(textOf);
    const master = kind === 'files' ? readFileSync(join(folder, 'owners', 'ZY.key'), 'latin1') : '';
    for (let round = 0; round < 2; round += 1) {
      expect(await keys.rotateMaster('ZY')).toBe(2);
      const after = await open();
      expect(await Promise.all([today, today + 1].map((day) => after.days.find('ZY', day, 'disclosure')))).toEqual(days);
      expect(after.unseal('ZY', sealed)).toBe('ANN EXAMPLE');
      expect(after.tag('ZY', { kind: 'licence', number: 'X1' })).toBe(tag);
    }
    expect(names.map(textOf).some((text, n) => text === before[n])).toBe(false);
    if (kind === 'files') {
      expect(readdirSync(join(folder, 'owners'))).toEqual(['ZY', 'ZY.key']);
      expect(readFileSync(join(folder, 'owners', 'ZY.key'), 'latin1')).not.toBe(master);
    }
  });

  it('the master of what belongs to no owner rotates, and receipts are signed as before', async () => {
    const keys = await open();
    const { publicKey } = await keys.receiptSigner('weir.example.org/receipts');
    await keys.rotateMaster('exchange');
    expect((await (await open()).receiptSigner('weir.example.org/receipts')).publicKey).toEqual(publicKey);
  });
});

it('a rotation of a master that ends at any step loses no key, and can be made again', async () => {
  for (let end = 0; end < 14; end += 1) {
    const place = join(folder, String(end));
    const keys = await openKeys(place, ['ZY']);
    const key = await keys.days.ready('ZY', today, 'other');
    const sealed = keys.seal('ZY', 'x');
    let calls = 0;
    const real = await folderCustodian(place);
    const failing = new Proxy(real, {
      get: (target, name: keyof KeyCustodian) => (...given: unknown[]): unknown => {
        calls += 1;
        if (calls > end) throw new Error('ended');
        return (target[name] as (...all: unknown[]) => unknown)(...given);
      },
    });
    await openKeys(place, ['ZY'], { custodian: failing }).then((one) => one.rotateMaster('ZY')).catch(() => undefined);
    const after = await openKeys(place, ['ZY']);
    expect(await after.days.find('ZY', today, 'other')).toEqual(key);
    expect(after.unseal('ZY', sealed)).toBe('x');
    const later = await after.days.ready('ZY', today + 1, 'other');
    await after.rotateMaster('ZY');
    const last = await openKeys(place, ['ZY']);
    expect(await Promise.all([last.days.find('ZY', today, 'other'), last.days.find('ZY', today + 1, 'other')])).toEqual([key, later]);
    expect(last.unseal('ZY', sealed)).toBe('x');
  }
});
