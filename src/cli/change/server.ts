import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { Agent, request } from 'undici';
import { runningForPeople } from '../peopleServer.ts';
import { ownerOf } from '../policy/file.ts';
import { exitCodes, VerbError, type CommonOptions, type ExitCode } from '../verb.ts';
import { readSecrets } from './secrets.ts';

/** Options of every verb that speaks with an exchange about changes. */
export interface ChangeOptions extends CommonOptions {
  readonly server?: string;
  readonly tokenFile?: string;
  readonly ca?: string;
  readonly login?: string;
  readonly acceptNotice?: boolean;
}

/** An exchange, as somebody who acts there. */
export interface ChangeServer {
  /** One request. Throws a `VerbError` for whatever is no answer; `etag` is sent as `If-Match`. */
  ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<T>;
  /** The bytes of a file. */
  bytes(path: string): Promise<Uint8Array>;
}

/** Adds the options that say where and as whom. */
export function withServerOptions(command: Command): Command {
  return command
    .option('--server <url>', 'the exchange; the one that runs on the data folder unless told')
    .option('--token-file <file>', 'a file with a token; else the environment variable WEIR_TOKEN')
    .option('--ca <file>', 'the authority of the exchange\'s certificate, where this machine does not know it')
    .option('--login <name>', 'sign in instead, for what needs it: password and one-time code are asked for, or read from standard input, a line each')
    .option('--accept-notice', 'with --login: you have read the notice at sign-in, and accept it');
}

/** Does the work as the bearer of the token, or as whoever signs in; that session ends with the work. */
export async function withServer<T>(options: ChangeOptions, work: (server: ChangeServer) => Promise<T>): Promise<T> {
  const running = options.server === undefined ? await runningForPeople(options) : { url: options.server, ca: null };
  const url = urlOf(running.url);
  const ca = options.ca === undefined ? running.ca : await readFile(options.ca).catch((cause: unknown) => { throw new VerbError(exitCodes.usage, `the file ${options.ca ?? ''} cannot be read`, null, { cause }); });
  const agent = new Agent({ connect: { ...(ca === null ? {} : { ca: Buffer.isBuffer(ca) ? ca : [...ca] }) }, headersTimeout: 400_000, bodyTimeout: 60_000 });
  try {
    if (options.login === undefined) {
      const token = await tokenOf(options);
      return await work(serverAt(url, agent, { authorization: `Bearer ${token}` }));
    }
    const cookie = await signIn(url, agent, options);
    const headers = { cookie, origin: url.origin };
    try {
      return await work(serverAt(url, agent, headers));
    } finally {
      await exchange(url, agent, 'POST', '/v1/me/sign-out', headers, undefined).catch(() => undefined);
    }
  } finally {
    await agent.close();
  }
}

/** The address of an owner's changes. */
export function changesOf(owner: string): string {
  return `/v1/owners/${ownerOf(owner)}/changes`;
}

/** A part of an address that somebody typed. */
export function idPart(id: string): string {
  if (/^[A-Za-z0-9-]{1,64}$/.test(id)) return id;
  throw new VerbError(exitCodes.usage, `\`${id.slice(0, 20)}\` is not the number of a change`, 'See weir change list.');
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

function serverAt(url: URL, agent: Agent, headers: Readonly<Record<string, string>>): ChangeServer {
  return {
    async ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) {
      const { body: bytes } = good(await exchange(url, agent, method, path, headers, body));
      try {
        return JSON.parse(bytes.toString()) as T;
      } catch (cause) {
        throw new VerbError(exitCodes.environment, `${url.origin} did not answer as an exchange does`, 'Is the address that of an exchange?', { cause });
      }
    },
    async bytes(path) {
      return good(await exchange(url, agent, 'GET', path, headers, undefined)).body;
    },
  };
}

async function exchange(url: URL, agent: Agent, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, headers: Readonly<Record<string, string>>, body: unknown): Promise<Answer> {
  try {
    const answer = await request(new URL(path, url), {
      method, dispatcher: agent, headers: { accept: 'application/json', ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.from(await answer.body.arrayBuffer()) };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
    throw new VerbError(exitCodes.environment, `the exchange at ${url.origin} cannot be reached (${code})`, /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code) ? 'Give the authority of its certificate with --ca.' : 'Is it running? Is the address right?', { cause: error });
  }
}

/** What the exchange answers where it does not do what is asked. It controls every byte. */
interface Problem {
  readonly title?: unknown;
  readonly detail?: unknown;
  readonly reasonCode?: unknown;
}

function good(answer: Answer): Answer {
  if (answer.status === 200) return answer;
  const problem = problemIn(answer.body);
  const [title, detail, code] = [problem.title, problem.detail, problem.reasonCode].map((value) => (typeof value === 'string' ? shown(value) : null));
  const sentence = title === null || title === undefined ? `the exchange answered with status ${answer.status}` : `${title.charAt(0).toLowerCase()}${title.slice(1)}`;
  throw new VerbError(exitOf(answer.status), `${sentence}${code === null || code === undefined ? '' : ` (${code})`}`, detail ?? null);
}

function problemIn(body: Buffer): Problem {
  try {
    const found = JSON.parse(body.toString()) as unknown;
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}

/** What a person may not do or reach is the environment; what the change itself does not allow is a finding. */
function exitOf(status: number): ExitCode {
  if (status === 400) return exitCodes.usage;
  return status === 404 || status === 409 || status === 412 || status === 422 ? exitCodes.finding : exitCodes.environment;
}

/** Without what a terminal would obey. */
export function shown(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 2_000);
}

async function tokenOf({ tokenFile }: ChangeOptions): Promise<string> {
  const text = tokenFile === undefined ? process.env['WEIR_TOKEN'] : await readFile(tokenFile, 'utf8').catch((cause: unknown) => { throw new VerbError(exitCodes.usage, `the file ${tokenFile} cannot be read`, null, { cause }); });
  const token = (text ?? '').trim();
  if (/^[\x21-\x7e]{20,200}$/.test(token)) return token;
  throw new VerbError(exitCodes.usage, token === '' ? 'there is no token' : 'this is no token', 'Make one at /account/tokens of the exchange, for change.read, change.draft and change.propose; then --token-file FILE, or WEIR_TOKEN. To approve, sign in: --login NAME.');
}

/** Both factors of a local account. The secrets come from a terminal or standard input, never from the command line, where others could read them. */
async function signIn(url: URL, agent: Agent, { login, acceptNotice }: ChangeOptions): Promise<string> {
  const origin = { origin: url.origin };
  // Before a code is used that would be good for nothing else.
  if (acceptNotice !== true) throw new VerbError(exitCodes.usage, 'the notice at sign-in is not accepted', `It is shown at every sign-in at ${url.origin}. Read it there, then give --accept-notice.`);
  const [password, code] = await readSecrets(['Password', 'One-time code']);
  const first = JSON.parse(good(await exchange(url, agent, 'POST', '/v1/sign-in', origin, { login, password })).body.toString()) as { readonly flow?: unknown };
  const second = good(await exchange(url, agent, 'POST', '/v1/sign-in/code', origin, { flow: first.flow, code }));
  const cookie = [second.headers['set-cookie']].flat().map((one) => /^((?:__Host-)?weir=[A-Za-z0-9_-]{43});/.exec(one ?? '')?.[1]).find((one) => one !== undefined);
  if (cookie === undefined) throw new VerbError(exitCodes.environment, `${url.origin} did not answer as an exchange does`);
  good(await exchange(url, agent, 'POST', '/v1/me/notice', { ...origin, cookie }, undefined));
  return cookie;
}

function urlOf(text: string): URL {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(new URL(text).origin);
  throw new VerbError(exitCodes.usage, '--server is no address', 'Write it as https://weir.example.org');
}
