import { randomBytes } from 'node:crypto';
import { stat } from 'node:fs/promises';
import type { Clock } from '../../exchange/ports.ts';
import { dayOf, dayText } from '../record.ts';
import type { DayKeys } from '../types.ts';
import { checkOwner, type KeyCustodian } from './custodian.ts';
import { KeyError } from './errors.ts';
import { isMissing, makeSecret, makeSecretFolder, readOrMake, readSecret, shred } from './files.ts';

export type DayKind = 'disclosure' | 'other';

const keyBytes = 32;
/** Another process may destroy a key: what was found is looked for again after so many milliseconds. */
const foundFor = 60_000;
/** Keys of past days that are in memory at most. */
const mostFound = 4_096;

/** The day keys of owners, and what is done with all of them together. */
export interface OwnerDays extends DayKeys {
  /** Makes tomorrow's keys for those whose keys of today are in use, so that midnight costs nothing. `now` in milliseconds since 1970. */
  ahead(now: number): Promise<void>;
}

/**
 * Day keys in `FOLDER/owners/WA/2026-11-22.d.key` (docs/ledger-formats.md, "Day keys"). Beside a key that was destroyed stands `….d.gone`, for good:
 * it is written first, and what it names is not given out, not made and, where the file is still there after a crash, destroyed.
 */
export function openDayKeys(folder: string, custodian: KeyCustodian, clock: Clock): OwnerDays {
  /** By owner, the keys that seal. Only `ready` puts one here: a past day's is never sealed with. */
  const held = new Map<string, Map<number, Buffer>>();
  const making = new Map<string, Promise<Buffer>>();
  const found = new Map<string, { readonly key: Buffer | null; readonly until: number }>();
  const pathOf = (owner: string, day: number, kind: DayKind): string => `${folder}/owners/${owner}/${dayKeyName(day, kind)}`;

  const make = async (owner: string, day: number, kind: DayKind): Promise<Buffer> => {
    checkOwner(owner);
    const path = pathOf(owner, day, kind);
    if (await exists(goneOf(path))) throw gone(owner, day);
    await makeSecretFolder(`${folder}/owners/${owner}`);
    const fresh = randomBytes(keyBytes);
    const text = await readOrMake(`${path}.key`, async () => dayKeyText(await custodian.wrap(owner, dayContext(owner, day, kind), fresh)));
    const key = await custodian.unwrap(owner, dayContext(owner, day, kind), readDayKey(text, `${path}.key`));
    if (key.length !== keyBytes) throw new KeyError('KEY_FILE', `the file ${path}.key holds a key of ${key.length} bytes`);
    // Destroyed by another process while it was made: what it named stays destroyed.
    if (await exists(goneOf(path))) {
      await shred(`${path}.key`);
      throw gone(owner, day);
    }
    keep(owner, day, kind, key);
    return key;
  };
  const keep = (owner: string, day: number, kind: DayKind, key: Buffer): void => {
    const keys = held.get(owner) ?? new Map<number, Buffer>();
    // What is done with is not kept where sealing would find it.
    for (const place of keys.keys()) if (place < 2 * (day - 1)) keys.delete(place);
    keys.set(placeOf(day, kind), key);
    held.set(owner, keys);
  };
  const ready = (owner: string, day: number, kind: DayKind): Promise<Buffer> => {
    const here = held.get(owner)?.get(placeOf(day, kind));
    if (here !== undefined) return Promise.resolve(here);
    const name = `${owner}/${dayKeyName(day, kind)}`;
    let under = making.get(name);
    if (under === undefined) making.set(name, (under = make(owner, day, kind).finally(() => making.delete(name))));
    return under;
  };
  const look = async (owner: string, day: number, kind: DayKind): Promise<Buffer | null> => {
    checkOwner(owner);
    const path = pathOf(owner, day, kind);
    if (await exists(goneOf(path))) return null;
    const text = await readSecret(`${path}.key`);
    return text === null ? null : custodian.unwrap(owner, dayContext(owner, day, kind), readDayKey(text, `${path}.key`));
  };

  return {
    ready,
    held: (owner, day, kind) => held.get(owner)?.get(placeOf(day, kind)) ?? null,
    find: async (owner, day, kind) => {
      const name = `${owner}/${dayKeyName(day, kind)}`;
      const now = clock.now();
      const known = found.get(name);
      if (known !== undefined && known.until > now) return known.key;
      const key = await look(owner, day, kind);
      // A key of today that is not there yet may be there in a moment.
      if (key !== null || day < dayOf(now) - 1) {
        if (found.size >= mostFound) found.delete(found.keys().next().value ?? '');
        found.set(name, { key, until: now + foundFor });
      }
      return key;
    },
    destroy: async (owner, day, kind) => {
      checkOwner(owner);
      if (day >= dayOf(clock.now())) throw new KeyError('KEY_DAY', `the day ${dayText(day)} is not over: its key is in use`);
      const path = pathOf(owner, day, kind);
      if (!(await exists(`${path}.key`))) return false;
      await makeSecret(goneOf(path), `weir-day-key-gone 1 ${new Date(clock.now()).toISOString()}\n`);
      found.delete(`${owner}/${dayKeyName(day, kind)}`);
      held.get(owner)?.delete(placeOf(day, kind));
      return shred(`${path}.key`);
    },
    ahead: async (now) => {
      const today = dayOf(now);
      const wanted = [...held].flatMap(([owner, keys]) => (['disclosure', 'other'] as const).filter((kind) => keys.has(placeOf(today, kind))).map((kind) => ({ owner, kind })));
      for (const { owner, kind } of wanted) await ready(owner, today + 1, kind);
    },
  };
}

/** What a wrapped day key is authenticated with. */
export function dayContext(owner: string, day: number, kind: DayKind): string {
  return `weir-day-key/v1\n${owner}\n${dayText(day)}\n${kind}`;
}

/** `2026-11-22.d`, to which `.key` or `.gone` comes. */
export function dayKeyName(day: number, kind: DayKind): string {
  return `${dayText(day)}.${kind === 'disclosure' ? 'd' : 'o'}`;
}

export function dayKeyText(wrapped: Buffer): string {
  return `weir-day-key 1 ${wrapped.toString('base64')}\n`;
}

/** The wrapped key in a file. Throws `KEY_FILE`. */
export function readDayKey(text: string, path: string): Buffer {
  const base64 = /^weir-day-key 1 ([A-Za-z0-9+/]{4,16384}={0,2})\n$/.exec(text)?.[1];
  if (base64 === undefined) throw new KeyError('KEY_FILE', `the file ${path} is not a day key`);
  return Buffer.from(base64, 'base64');
}

function goneOf(path: string): string {
  return `${path}.gone`;
}

function placeOf(day: number, kind: DayKind): number {
  return 2 * day + (kind === 'disclosure' ? 1 : 0);
}

function gone(owner: string, day: number): KeyError {
  return new KeyError('KEY_GONE', `the key of ${owner} for ${dayText(day)} was destroyed, and is never made again`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
