import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What tests of keys share. */

/**
 * Writes a program that keeps keys, as an operator would have one in front of a KMS, and gives the command that runs it. Its keys are in a file of
 * its own. What is in `faults` it does wrong: `die` ends it at every second question, `silent` and `garbage` are its answers to every question.
 */
export function keyProgram(folder: string, fault: 'none' | 'die' | 'silent' | 'garbage' | 'short' | 'long' | 'refuse' = 'none'): readonly string[] {
  const path = join(folder, `keys-${fault}.mjs`);
  writeFileSync(path, program);
  chmodSync(path, 0o700);
  return [process.execPath, path, join(folder, 'kept.json'), fault];
}

const program = `
import { createCipheriv, createDecipheriv, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const [file, fault] = process.argv.slice(2);
const kept = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const save = () => { writeFileSync(file + '.tmp', JSON.stringify(kept), { mode: 0o600 }); renameSync(file + '.tmp', file); };
const keep = (name, make) => { if (kept[name] === undefined) { kept[name] = make(); save(); } return kept[name]; };
const master = (owner) => keep('master ' + owner, () => [randomBytes(32).toString('base64')]);
const pem = () => generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' });
const publicOf = (text) => createPublicKey(createPrivateKey(text)).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
const refuse = (code, message) => { throw Object.assign(new Error(message), { code }); };

const ops = {
  wrap: ({ owner, context, key }) => {
    const nonce = randomBytes(12);
    const c = createCipheriv('aes-256-gcm', Buffer.from(master(owner).at(-1), 'base64'), nonce).setAAD(Buffer.from(owner + ' ' + context));
    return { wrapped: Buffer.concat([nonce, c.update(Buffer.from(key, 'base64')), c.final(), c.getAuthTag()]).toString('base64') };
  },
  unwrap: ({ owner, context, wrapped }) => {
    const bytes = Buffer.from(wrapped, 'base64');
    for (const one of master(owner)) {
      try {
        const d = createDecipheriv('aes-256-gcm', Buffer.from(one, 'base64'), bytes.subarray(0, 12), { authTagLength: 16 }).setAAD(Buffer.from(owner + ' ' + context)).setAuthTag(bytes.subarray(-16));
        return { key: Buffer.concat([d.update(bytes.subarray(12, -16)), d.final()]).toString('base64') };
      } catch {}
    }
    return refuse('wrongKey', 'not wrapped here');
  },
  publicKey: ({ name }) => ({ publicKey: publicOf(keep('signer ' + name, pem)) }),
  sign: ({ name, message }) => ({ signature: sign(null, Buffer.from(message, 'base64'), createPrivateKey(keep('signer ' + name, pem))).toString('base64') }),
  nextSigner: ({ name }) => ({ publicKey: publicOf(keep('next ' + name, pem)) }),
  takeSigner: ({ name }) => { if (kept['next ' + name] !== undefined) { kept['signer ' + name] = kept['next ' + name]; delete kept['next ' + name]; save(); } return { done: true }; },
  nextMaster: ({ owner }) => { const all = master(owner); if (all.length === 1) { all.push(randomBytes(32).toString('base64')); save(); } return { done: true }; },
  takeMaster: ({ owner }) => { const all = master(owner); if (all.length === 2) { all.shift(); save(); } return { done: true }; },
};

let asked = 0;
createInterface({ input: process.stdin }).on('line', (line) => {
  asked += 1;
  if (fault === 'die' && asked % 2 === 0) process.exit(3);
  if (fault === 'silent') return;
  if (fault === 'garbage') return void process.stdout.write('key: 12345\\n');
  if (fault === 'long') return void process.stdout.write('x'.repeat(200000));
  const { id, op, ...given } = JSON.parse(line);
  if (fault === 'short') return void process.stdout.write(JSON.stringify({ id, wrapped: '', key: '', publicKey: 'AAAA', signature: 'AAAA' }) + '\\n');
  if (fault === 'refuse') return void process.stdout.write(JSON.stringify({ id, error: { code: 'denied', message: 'the module is locked' } }) + '\\n');
  try {
    process.stdout.write(JSON.stringify({ id, ...ops[op](given) }) + '\\n');
  } catch (error) {
    process.stdout.write(JSON.stringify({ id, error: { code: error.code ?? 'failed', message: error.message } }) + '\\n');
  }
});
`;
