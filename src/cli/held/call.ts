import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Agent, request } from 'undici';
import { folderPath, readServerFile } from '../../store/index.ts';
import { runningForPeople } from '../peopleServer.ts';
import { exitCodes, VerbError, type CommonOptions } from '../verb.ts';

/** How the exchange is reached, and as whom: a person's token, or an agency's certificate. */
export interface CallOptions extends CommonOptions {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly cert?: string;
  readonly keyFile?: string;
  readonly ca?: string;
}

/** What is asked of the exchange. */
export interface Call {
  readonly method?: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
  /** In place of a JSON body. */
  readonly file?: { readonly type: string; readonly bytes: Buffer };
}

export interface Called {
  readonly status: number;
  readonly type: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
}

/** The options by which every verb of `weir held` reaches the exchange. */
export function withCall(command: Command): Command {
  return command
    .option('--server <url>', 'the exchange; the one that runs on the data folder unless told')
    .option('--token-file <file>', 'a token of your account (see /account/tokens); or in the variable WEIR_TOKEN')
    .option('--cert <file>', 'certificate of the agency').option('--key-file <file>', 'its key').option('--ca <file>', 'the authority of the server');
}

/** The exit codes of these verbs, for their help. */
export const exitHelp = '\nExit codes:\n  0  done    1  not in a state for it: not decided yet, or decided already    2  wrong usage, or not allowed    3  the exchange cannot be reached\n';

/** Whether a token is given: then it is a person who acts, else an agency's system. */
export async function tokenOf({ tokenFile }: CallOptions): Promise<string | null> {
  const text = tokenFile === undefined ? process.env['WEIR_TOKEN'] : (await readBytes(tokenFile)).toString();
  const token = text?.trim();
  if (token === undefined || token === '') return null;
  if (!/^[\x21-\x7e]{20,200}$/.test(token)) throw new VerbError(exitCodes.usage, 'this is no token', 'A token is one line, as it was shown when it was made.');
  return token;
}

/** Asks once. A problem becomes a `VerbError` with what to do; 404 and 409 become exit code 1 where the caller says so by `soft`. */
export async function callExchange(options: CallOptions, { method = 'GET', path, body, file }: Call, soft: readonly number[] = []): Promise<Called> {
  const token = await tokenOf(options);
  const { server, ca } = await callTarget(options, token);
  const url = new URL(path, server);
  const sent = file?.bytes ?? (body === undefined ? null : JSON.stringify(body));
  const agent = new Agent({ connect: { ...(ca === null ? {} : { ca: [...ca] }), ...(await tlsFiles(options)) }, headersTimeout: 60_000 });
  try {
    const answer = await request(url, {
      method, body: sent, dispatcher: agent,
      // Not from a browser, so it says itself where it comes from.
      headers: { origin: url.origin, ...(sent === null ? {} : { 'content-type': file?.type ?? 'application/json' }), ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    const called = { status: answer.statusCode, type: String(answer.headers['content-type'] ?? ''), headers: answer.headers, bytes };
    if (called.status >= 400 && !soft.includes(called.status)) throw problemOf(called);
    return called;
  } catch (error) {
    if (error instanceof VerbError) throw error;
    throw unreachable(error, url);
  } finally {
    await agent.close();
  }
}

/** A body that is JSON. The exchange is another program: what is not JSON is a fault of it. */
export function jsonOf<T>({ bytes }: Called): T {
  try {
    return JSON.parse(bytes.toString()) as T;
  } catch (cause) {
    throw new VerbError(exitCodes.environment, 'what answered is no exchange', 'Look at --server.', { cause });
  }
}

/** The owner is the first two letters of a ticket. */
export function ticketOf(text: string): { readonly ticket: string; readonly owner: string } {
  const ticket = text.trim().toUpperCase();
  if (!/^[A-Z]{2}(?:-[0-9A-HJKMNP-TV-Z]{4}){4}$/.test(ticket)) throw new VerbError(exitCodes.usage, 'this is no number of a ticket', 'It is as it was given in the answer, such as WA-3F7K-Q2XD-9HTB-M4VE.');
  return { ticket, owner: ticket.slice(0, 2) };
}

export async function readBytes(file: string): Promise<Buffer> {
  return await readFile(file).catch((cause: unknown) => {
    throw new VerbError(exitCodes.environment, `the file ${file} cannot be read`, null, { cause });
  });
}

/** What a problem says, and what it means for a script. */
export function problemOf(called: Called): VerbError {
  const { title = 'the exchange refused', detail = null, reasonCode } = readProblem(called);
  const exit = called.status >= 500 ? exitCodes.environment : called.status === 409 ? exitCodes.finding : exitCodes.usage;
  return new VerbError(exit, `${title.charAt(0).toLowerCase()}${title.slice(1)}${reasonCode === undefined ? '' : ` (${reasonCode})`}`, detail);
}

function readProblem({ type, bytes }: Called): { readonly title?: string; readonly detail?: string; readonly reasonCode?: string } {
  if (!type.includes('json')) return {};
  try {
    return JSON.parse(bytes.toString()) as { title?: string; detail?: string; reasonCode?: string };
  } catch {
    return {};
  }
}

/** Where it goes, unless told: a person with a token to where people come in, a system to where systems do. `ca`: whom to trust there besides what is given. */
export async function callTarget(options: CallOptions, token: string | null): Promise<{ readonly server: string; readonly ca: readonly string[] | null }> {
  if (options.server !== undefined) return { server: options.server, ca: null };
  if (token === null || options.cert !== undefined) return { server: await runningServer(options), ca: null };
  const { url, ca } = await runningForPeople(options);
  return { server: url, ca };
}

/** With a certificate, the TLS address of the exchange on this data folder; without one, its plain address. */
async function runningServer(options: CallOptions): Promise<string> {
  const folder = folderPath(options.data);
  const urls = (await readServerFile(folder))?.urls ?? [];
  const url = options.cert === undefined ? urls[0] : urls.find((one) => one.startsWith('https:'));
  if (url !== undefined) return url;
  throw new VerbError(exitCodes.environment, `no exchange runs on the data folder ${folder}`, 'Start one with `weir start`, or name it with --server.');
}

async function tlsFiles({ cert, keyFile, ca }: CallOptions): Promise<Record<string, Buffer>> {
  const files = Object.entries({ cert, key: keyFile, ca }).flatMap(([name, file]) => (file === undefined ? [] : [[name, file] as const]));
  return Object.fromEntries(await Promise.all(files.map(async ([name, file]) => [name, await readBytes(file)] as const)));
}

function unreachable(error: unknown, url: URL): VerbError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  const tls = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code);
  return new VerbError(exitCodes.environment, `the exchange at ${url.origin} cannot be reached (${code})`, tls ? 'Give the authority of the server with --ca, and for an agency the certificate and key with --cert and --key-file.' : 'Is it running? Start it with `weir start`.', { cause: error });
}
