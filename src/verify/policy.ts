import { parseCheckpoint } from './checkpoint.ts';
import type { Checkpoint } from './checkpoint.ts';
import { equal } from './bytes.ts';
import { noteTypes, openNote, parseNote, parseVkey } from './note.ts';
import type { Vkey } from './note.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

/** Who is trusted for what (C2SP tlog-policy). */
export interface TrustPolicy {
  /** Keys of logs. The name of a key is the origin of its log; the key of receipts, `PREFIX/receipts`, stands here too. */
  readonly logs: readonly { readonly key: Vkey; readonly url: string | null }[];
  readonly witnesses: readonly { readonly name: string; readonly key: Vkey; readonly url: string | null }[];
  /** In the order of their lines, so that members come before the group. */
  readonly groups: readonly { readonly name: string; readonly threshold: number; readonly members: readonly string[] }[];
  /** A witness or group; null where no cosignature is wanted. */
  readonly quorum: string | null;
}

/** What a checkpoint says, once its signatures were verified. */
export interface Judged extends Checkpoint {
  /** The witnesses of the policy that cosigned it, by their names there. */
  readonly by: readonly string[];
  /** When each of them did, in seconds since 1970. */
  readonly times: readonly number[];
  /** Whether they are enough. */
  readonly quorum: boolean;
}

const longestPolicy = 1_000_000;

/** Reads a policy. Throws VerifyError `malformed`, with `at` the line, as `line 3`. */
export function parsePolicy(text: string): TrustPolicy {
  if (text.length > longestPolicy) throw malformed('The policy is too long.', 0);
  const logs: TrustPolicy['logs'][number][] = [];
  const witnesses: TrustPolicy['witnesses'][number][] = [];
  const groups: TrustPolicy['groups'][number][] = [];
  const names = new Set<string>();
  const members = new Set<string>();
  let quorum: string | null | undefined;
  const define = (name: string, line: number): string => {
    if (name === 'none' || names.has(name)) throw malformed(name === 'none' ? 'The name "none" cannot be given.' : `The name "${name}" was given before.`, line);
    names.add(name);
    return name;
  };
  for (const [number, line] of text.split('\n').entries()) {
    const at = number + 1;
    // "The only allowed control characters are tab and newline."
    if (/[\u0000-\u0008\u000b-\u001f\u007f]/.test(line)) throw malformed('The line has a control character.', at);
    const [word = '', ...items] = line.split(/[ \t]+/).filter((item) => item !== '');
    if (word === '' || word.startsWith('#')) continue;
    if (word === 'log') {
      if (items.length < 1 || items.length > 2) throw malformed('A log is written: log KEY [URL].', at);
      const key = keyOf(items[0] ?? '', noteTypes.ed25519, at);
      if (logs.some((log) => equal(log.key.publicKey, key.publicKey))) throw malformed('This log has the key of another.', at);
      logs.push({ key, url: items[1] ?? null });
    } else if (word === 'witness') {
      if (items.length < 2 || items.length > 3) throw malformed('A witness is written: witness NAME KEY [URL].', at);
      const key = keyOf(items[1] ?? '', noteTypes.cosignature, at);
      if (witnesses.some((witness) => equal(witness.key.publicKey, key.publicKey))) throw malformed('This witness has the key of another.', at);
      witnesses.push({ name: define(items[0] ?? '', at), key, url: items[2] ?? null });
    } else if (word === 'group') {
      const [name = '', count = '', ...list] = items;
      const threshold = thresholdOf(count, list.length);
      if (threshold === null) throw malformed('A group is written: group NAME all|any|K MEMBER…, with K from 1 to the number of members.', at);
      for (const member of list) {
        if (!names.has(member)) throw malformed(`"${member}" is no witness or group of a line before.`, at);
        // "Each defined name can be listed as a group member at most once."
        if (members.has(member)) throw malformed(`"${member}" is a member of a group already.`, at);
        members.add(member);
      }
      groups.push({ name: define(name, at), threshold, members: list });
    } else if (word === 'quorum') {
      const [name = ''] = items;
      if (items.length !== 1 || quorum !== undefined) throw malformed('There is one quorum line, with one name.', at);
      if (name !== 'none' && !names.has(name)) throw malformed(`"${name}" is no witness or group of a line before.`, at);
      quorum = name === 'none' ? null : name;
    } else {
      throw malformed(`"${word.slice(0, 40)}" is no word of a policy: log, witness, group, quorum.`, at);
    }
  }
  if (quorum === undefined) throw malformed('The policy has no quorum line.', 0);
  return { logs, witnesses, groups, quorum };
}

/**
 * Verifies a checkpoint: signed by a log of the policy whose key has the checkpoint's origin as name, and cosigned.
 * Throws VerifyError `malformed`, `unsigned` or `badSignature`. Too few cosignatures are `quorum: false`.
 */
export async function judge(crypto: VerifyCrypto, policy: TrustPolicy, checkpointNote: string): Promise<Judged> {
  const note = parseNote(checkpointNote);
  const { origin, size, root } = parseCheckpoint(note.text);
  await openNote(crypto, note, policy.logs.map(({ key }) => key).filter(({ name }) => name === origin));
  const witnessed = await openNote(crypto, note, policy.witnesses.map(({ key }) => key)).catch((error: unknown) => {
    if (error instanceof VerifyError && error.code === 'unsigned') return { keys: [], times: [] };
    throw error;
  });
  const by = witnessed.keys.flatMap((key) => policy.witnesses.filter((witness) => equal(witness.key.publicKey, key.publicKey)).map(({ name }) => name));
  return { origin, size, root, by, times: witnessed.times.map((time) => time ?? 0), quorum: hasQuorum(policy, by) };
}

/** Whether witnesses, by their names in the policy, are a quorum. */
export function hasQuorum({ groups, quorum }: TrustPolicy, by: readonly string[]): boolean {
  if (quorum === null) return true;
  const met = new Set(by);
  // Members stand before their group, so one pass does it, however deep the groups are.
  for (const { name, threshold, members } of groups) if (members.filter((member) => met.has(member)).length >= threshold) met.add(name);
  return met.has(quorum);
}

/** The key of receipts of the exchange to which a log belongs; null where the policy has none. */
export function receiptsKey({ logs }: TrustPolicy, prefix: string): Vkey | null {
  return logs.find(({ key }) => key.name === `${prefix}/receipts`)?.key ?? null;
}

function keyOf(text: string, type: number, line: number): Vkey {
  let key: Vkey;
  try {
    key = parseVkey(text);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error), line);
  }
  if (key.type !== type) throw malformed(`The key is of type ${String(key.type)}, and must be of type ${String(type)}.`, line);
  return key;
}

function thresholdOf(count: string, members: number): number | null {
  if (members === 0) return null;
  if (count === 'all') return members;
  if (count === 'any') return 1;
  return /^[1-9][0-9]{0,5}$/.test(count) && Number(count) <= members ? Number(count) : null;
}

function malformed(message: string, line: number): VerifyError {
  return new VerifyError('malformed', message, line === 0 ? null : `line ${String(line)}`);
}
