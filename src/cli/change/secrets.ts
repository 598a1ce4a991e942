import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { exitCodes, VerbError } from '../verb.ts';

/** Secrets in this order: asked for at a terminal, where they are not shown; else the lines of standard input. */
export async function readSecrets(names: readonly string[]): Promise<readonly string[]> {
  const found = process.stdin.isTTY ? await asked(names) : (await text(process.stdin)).split(/\r?\n/);
  const missing = names.find((_, place) => (found[place] ?? '') === '');
  if (missing !== undefined) throw new VerbError(exitCodes.usage, `the ${missing.toLowerCase()} is missing`, 'At a terminal it is asked for; else give the password and the one-time code on standard input, a line each.');
  return found;
}

async function asked(names: readonly string[]): Promise<readonly string[]> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => { done(); } });
  const found: string[] = [];
  for (const name of names) {
    process.stderr.write(`${name}: `);
    const line = createInterface({ input: process.stdin, output: nowhere, terminal: true });
    found.push(await new Promise<string>((resolve) => line.question('', resolve)));
    line.close();
    process.stderr.write('\n');
  }
  return found;
}
