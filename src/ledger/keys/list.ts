import { readFile, stat } from 'node:fs/promises';
import { namesIn, oldVkeys } from './rotate.ts';

/** A signing key in the folder. */
export interface SignerList {
  readonly name: string;
  /** When its file was made, RFC 3339; null where the custodian keeps it. */
  readonly made: string | null;
  /** Verifier keys that signed before this one. */
  readonly old: readonly string[];
}

/** The day keys of an owner. Days as `2026-11-22`, in order. */
export interface OwnerKeyList {
  readonly owner: string;
  readonly disclosure: readonly string[];
  readonly other: readonly string[];
  readonly destroyed: readonly { readonly day: string; readonly kind: 'disclosure' | 'other'; readonly at: string }[];
}

export interface KeyList {
  readonly signers: readonly SignerList[];
  readonly owners: readonly OwnerKeyList[];
}

/** What is in a key folder, without opening a key. */
export async function listKeys(folder: string): Promise<KeyList> {
  const logs = await namesIn(`${folder}/logs`);
  const names = new Set(logs.map((name) => /^([a-z0-9]+)\.(?:key|old)$/.exec(name)?.[1]).filter((name) => name !== undefined));
  const signers = await Promise.all([...names].map((name) => signerIn(folder, name, logs.includes(`${name}.key`))));
  return { signers, owners: await Promise.all((await keyOwners(folder)).map((owner) => ownerIn(`${folder}/owners`, owner))) };
}

/** The owners that have keys in the folder, also where a program keeps their masters, in alphabetical order. */
export async function keyOwners(folder: string): Promise<readonly string[]> {
  return [...new Set((await namesIn(`${folder}/owners`)).map((name) => /^([A-Z0-9]{2})(?:\.key)?$/.exec(name)?.[1]).filter((name) => name !== undefined))];
}

async function signerIn(folder: string, name: string, here: boolean): Promise<SignerList> {
  return { name, made: here ? (await stat(`${folder}/logs/${name}.key`)).mtime.toISOString() : null, old: await oldVkeys(folder, name) };
}

async function ownerIn(folder: string, owner: string): Promise<OwnerKeyList> {
  const found = (await namesIn(`${folder}/${owner}`)).map((name) => /^(\d{4}-\d{2}-\d{2})\.([do])\.(key|gone)$/.exec(name)).filter((match) => match !== null);
  const there = (letter: string): string[] => found.filter((match) => match[2] === letter && match[3] === 'key').map(([, day = '']) => day);
  const destroyed = await Promise.all(found.filter((match) => match[3] === 'gone').map(async ([name, day = '', letter]) => ({
    day, kind: letter === 'd' ? 'disclosure' as const : 'other' as const, at: /^weir-day-key-gone 1 (\S+)\n$/.exec(await readFile(`${folder}/${owner}/${name}`, 'latin1'))?.[1] ?? '',
  })));
  return { owner, disclosure: there('d'), other: there('o'), destroyed };
}
