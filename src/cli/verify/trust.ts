import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { parsePolicy, parseVkey, textOf, type TrustPolicy } from '../../verify/index.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** Who is trusted: a policy file, or keys of one exchange. */
export interface TrustOptions extends CommonOptions {
  readonly policy?: string;
  readonly key?: readonly string[];
  readonly origin?: string;
}

/** Adds the options that say who is trusted. */
export function withTrust(command: Command): Command {
  return command
    .option('--policy <file>', 'whom to trust: a file of logs, witnesses and a quorum (C2SP tlog-policy)')
    .option('--key <vkey>', 'or a public key, NAME+ID+KEY; may be given again. No witness is asked for then', (value: string, before: readonly string[] | undefined) => [...(before ?? []), value])
    .option('--origin <prefix>', 'with --key: the name of the exchange, such as weir.example.org; keys of others are refused');
}

/** Reads whom to trust. Throws VerifyError `malformed`, or VerbError. */
export async function trustOf({ policy, key, origin }: TrustOptions): Promise<TrustPolicy> {
  if (policy !== undefined && key === undefined) return parsePolicy(await fileText(policy));
  if (policy !== undefined || key === undefined || origin === undefined) {
    throw new VerbError(exitCodes.usage, 'say whom to trust: --policy FILE, or --key VKEY with --origin PREFIX', 'Get the keys from somewhere else than the file that is verified.');
  }
  const keys = key.map(parseVkey);
  const foreign = keys.find(({ name }) => !name.startsWith(`${origin}/`));
  if (foreign !== undefined) throw new VerbError(exitCodes.usage, `the key "${foreign.name}" is not of "${origin}"`);
  return { logs: keys.map((one) => ({ key: one, url: null })), witnesses: [], groups: [], quorum: null };
}

/** A file's bytes. `-` is standard input. Throws VerbError `environment`. */
export async function fileBytes(path: string): Promise<Uint8Array> {
  try {
    if (path !== '-') return await readFile(path);
    const parts: Buffer[] = [];
    for await (const part of process.stdin) parts.push(part as Buffer);
    return Buffer.concat(parts);
  } catch (error) {
    throw new VerbError(exitCodes.environment, `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`, null, { cause: error });
  }
}

export async function fileText(path: string): Promise<string> {
  return textOf(await fileBytes(path), path);
}
