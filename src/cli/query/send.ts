import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { Agent, request } from 'undici';
import { folderPath, readServerFile } from '../../store/index.ts';
import { contentTypeOf, encodeInquiry } from '../../wire/index.ts';
import { exitCodes, VerbError, type VerbResult } from '../verb.ts';
import { inquiryFrom } from './message.ts';
import type { QueryOptions } from './options.ts';
import { readAnswer } from './show.ts';

/** Builds the message, sends it, and shows what came back. */
export async function send(options: QueryOptions, key?: string): Promise<VerbResult> {
  const body = options.file === undefined ? encode(options, key) : await messageFile(options.file);
  const server = options.server ?? (await runningServer(options));
  const url = new URL('/v1/inquiries', server);
  const agent = new Agent({ connect: { ...(await tlsFiles(options)) }, headersTimeout: 30_000 });
  try {
    const answer = await request(url, {
      method: 'POST', body, dispatcher: agent,
      headers: {
        'content-type': contentTypeOf(options.format),
        ...(options.idempotencyKey === undefined ? {} : { 'idempotency-key': options.idempotencyKey }),
      },
    });
    return readAnswer(options.format, answer.statusCode, await answer.body.text(), options.json === true);
  } catch (error) {
    if (error instanceof VerbError) throw error;
    throw unreachable(error, url);
  } finally {
    await agent.close();
  }
}

function encode(options: QueryOptions, key: string | undefined): string {
  const inquiry = inquiryFrom(key, options);
  if (options.format === 'legacy' && inquiry.key !== 'TQ' && Object.values(inquiry.extension).some((value) => value !== null)) {
    throw new VerbError(exitCodes.usage, 'legacy text cannot carry a purpose, a case, a warrant, a user, an on-behalf-of or a choice of classes', 'Use --format json or niem, or --reason alone.');
  }
  return encodeInquiry(options.format, inquiry);
}

async function messageFile(file: string): Promise<string> {
  try {
    return file === '-' ? await readAll(process.stdin) : await readFile(file, 'utf8');
  } catch (cause) {
    throw new VerbError(exitCodes.environment, `the file ${file} cannot be read`, null, { cause });
  }
}

/** With a certificate, the TLS address of the exchange on this data folder; without one, its plain address. */
async function runningServer(options: QueryOptions): Promise<string> {
  const folder = folderPath(options.data);
  const urls = (await readServerFile(folder))?.urls ?? [];
  const url = options.cert === undefined ? urls[0] : urls.find((u) => u.startsWith('https:'));
  if (url !== undefined) return url;
  throw new VerbError(exitCodes.environment, `no exchange runs on the data folder ${folder}`, 'Start one with `weir start`, or name it with --server.');
}

async function tlsFiles({ cert, keyFile, ca }: QueryOptions): Promise<Record<string, Buffer>> {
  const files = { cert, key: keyFile, ca };
  const read: Record<string, Buffer> = {};
  for (const [name, file] of Object.entries(files)) {
    if (file === undefined) continue;
    read[name] = await readFile(file).catch((cause: unknown) => {
      throw new VerbError(exitCodes.environment, `the file ${file} cannot be read`, 'It is made by `weir agency enrol ORI --out DIR`.', { cause });
    });
  }
  return read;
}

function unreachable(error: unknown, url: URL): VerbError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer';
  const tls = /CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/.test(code);
  return new VerbError(exitCodes.environment, `the exchange at ${url.origin} cannot be reached (${code})`,
    tls ? 'Give the certificate, its key and the authority with --cert, --key-file and --ca.' : 'Is it running? Start it with `weir start`.', { cause: error });
}
