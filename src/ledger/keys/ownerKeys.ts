import { createSecretKey, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { KeyCustodian } from './custodian.ts';
import { KeyError } from './errors.ts';
import { makeSecretFolder, readOrMake, readSecret, replaceSecret } from './files.ts';

export interface OwnerKeys {
  /** HMAC of subjects. It must never change: equal subjects have equal tags for as long as entries are kept. */
  readonly tag: KeyObject;
  /** AES-256-GCM of what names people. */
  readonly seal: KeyObject;
}

const uses = ['tag', 'seal'] as const;
const keyBytes = 32;

/**
 * The two keys of an owner: wrapped in `owners/XX/tag.key` and `seal.key` where those are; else derived from the owner's master, where the custodian
 * can do that; else made at random and wrapped, durably. `owner` was checked.
 */
export async function loadOwnerKeys(folder: string, custodian: KeyCustodian, owner: string): Promise<OwnerKeys> {
  const [tag, seal] = await Promise.all(uses.map(async (use) => {
    const raw = await rawKey(folder, custodian, owner, use);
    const key = createSecretKey(raw);
    raw.fill(0);
    return key;
  }));
  if (tag === undefined || seal === undefined) throw new KeyError('KEY_OPEN', 'the keys of this owner are not loaded');
  return { tag, seal };
}

/** Wraps both keys under the master that now wraps, so that they outlive the one that they were derived from. */
export async function rewrapOwnerKeys(folder: string, owner: string, custodian: KeyCustodian, keys: OwnerKeys): Promise<void> {
  await makeSecretFolder(`${folder}/owners/${owner}`);
  for (const use of uses) await replaceSecret(pathOf(folder, owner, use), wrappedText(await custodian.wrap(owner, contextOf(use), keys[use].export())));
}

export function wrappedText(wrapped: Buffer): string {
  return `weir-wrapped-key 1 ${wrapped.toString('base64')}\n`;
}

/** The wrapped key in a file. Throws `KEY_FILE`. */
export function readWrapped(text: string, path: string): Buffer {
  const base64 = /^weir-wrapped-key 1 ([A-Za-z0-9+/]{4,16384}={0,2})\n$/.exec(text)?.[1];
  if (base64 === undefined) throw new KeyError('KEY_FILE', `the file ${path} is not a wrapped key`);
  return Buffer.from(base64, 'base64');
}

async function rawKey(folder: string, custodian: KeyCustodian, owner: string, use: 'tag' | 'seal'): Promise<Buffer> {
  const path = pathOf(folder, owner, use);
  let text = await readSecret(path);
  if (text === null) {
    if (custodian.derive !== undefined) return custodian.derive(owner, use);
    if ((await readSecret(`${folder}/owners/${owner}.key`)) !== null) {
      throw new KeyError('KEY_FILE', `the keys of ${owner} are in files; with a program that keeps the keys they would be made anew, and nothing recorded before could be found or read`);
    }
    await makeSecretFolder(`${folder}/owners/${owner}`);
    text = await readOrMake(path, async () => wrappedText(await custodian.wrap(owner, contextOf(use), randomBytes(keyBytes))));
  }
  const key = await custodian.unwrap(owner, contextOf(use), readWrapped(text, path));
  if (key.length !== keyBytes) throw new KeyError('KEY_FILE', `the file ${path} holds a key of ${key.length} bytes`);
  return key;
}

function pathOf(folder: string, owner: string, use: 'tag' | 'seal'): string {
  return `${folder}/owners/${owner}/${use}.key`;
}

function contextOf(use: 'tag' | 'seal'): string {
  return `weir-owner-key/v1\n${use}`;
}
