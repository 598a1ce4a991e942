import type { Readable } from 'node:stream';
import multipart from '@fastify/multipart';
import type { FastifyInstance, FastifyRequest } from 'fastify';

import type { PeopleDeps } from '../gate/deps.ts';
import type { Asker } from '../../review/types.ts';

/** The most bytes of one paper. */
export const mostPaper = 10 * 1_048_576;
/** Papers in memory at once: 80 MiB. */
const mostAtOnce = 8;
/** Of a request, with what is around the paper. */
const mostAround = 16_384;

/**
 * Why a paper was not even looked at. `size`: over 10 MiB; `type`: not sent as a PDF; `coding`: a content coding, which is not undone here; `parts`: more parts or fields than a form of ours has; `form`: not
 * well-formed, or without a paper; `busy`: as many papers are being taken as the exchange takes.
 */
export type UploadFault = 'size' | 'type' | 'coding' | 'parts' | 'form' | 'busy';

export type Upload = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly why: UploadFault };

/** Lets the routes of a scope have the body as it comes: whatever type it says, it is read here, counted, and no more of it kept than a paper may have. */
export function takePapers(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', (_request, payload, next) => next(null, payload));
}

/** Lets the routes of a scope take a form with a file: one file, two fields. */
export function takeFileForms(scope: FastifyInstance): void {
  scope.removeAllContentTypeParsers();
  void scope.register(multipart, { throwFileSizeLimit: false, limits: { fileSize: mostPaper + 1, files: 1, fields: 2, fieldSize: 200, fieldNameSize: 60, parts: 3, headerPairs: 20 } });
  scope.addContentTypeParser('*', (_request, payload, next) => next(null, payload));
}

/** Takes a paper that is the whole body. Whoever sends it controls everything. */
export function readPaper(request: FastifyRequest): Promise<Upload> {
  return oneOfFew(async () => {
    if (!isPlain(request)) return fault('coding');
    if ((request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() !== 'application/pdf') return fault('type');
    if (isTooLong(request, mostPaper)) return fault('size');
    try {
      const bytes = await readAll(request.raw, mostPaper);
      return bytes === null ? fault('size') : { ok: true, bytes };
    } catch {
      // The sender went away in the middle.
      return fault('form');
    }
  });
}

/** Takes the paper of a form. A wrong form is read to its end, or until it is too much, and nothing of it is kept. */
export function readPaperForm(request: FastifyRequest): Promise<Upload> {
  return oneOfFew(async () => {
    if (!isPlain(request)) return fault('coding');
    if (!request.isMultipart()) return fault('type');
    if (isTooLong(request, mostPaper + mostAround)) return fault('size');
    return await Promise.race([partsOf(request), tooMuch(request)]);
  });
}

async function partsOf(request: FastifyRequest): Promise<Upload> {
  let bytes: Buffer | null = null;
  let type = '';
  try {
    for await (const part of request.parts()) {
      if (part.type !== 'file') continue;
      type = part.mimetype;
      bytes = await readAll(part.file, mostPaper);
      if (bytes === null || part.file.truncated) return fault('size');
    }
  } catch (error) {
    return fault(limits.has(codeOf(error)) ? 'parts' : 'form');
  }
  if (bytes === null || bytes.length === 0) return fault('form');
  return type === 'application/pdf' ? { ok: true, bytes } : fault('type');
}

/** The parser counts the bytes of a file; what is around it, and may never end, is counted here. */
function tooMuch(request: FastifyRequest): Promise<Upload> {
  return new Promise((done) => {
    let total = 0;
    request.raw.on('data', (chunk: Buffer) => {
      total += chunk.length;
      if (total > 2 * mostPaper) done(fault('size'));
    });
  });
}

/** Puts on the record that a paper was not taken; what is said about it is a word, never a part of what came. */
export async function refusePaper({ acts }: PeopleDeps, request: FastifyRequest, asker: Asker, ticket: { readonly id: string; readonly owner: string }, why: UploadFault): Promise<void> {
  letGo(request);
  await acts.record({ act: 'paperRefused', owner: ticket.owner, who: asker.who, role: asker.role, on: ticket.id, result: 'refused', detail: { why } });
}

/** Of a request whose body nobody wants, two more seconds are read and forgotten, so that the sender may read the answer; then the connection ends. */
export function letGo({ raw }: FastifyRequest): void {
  if (raw.complete) return;
  raw.unpipe();
  raw.resume();
  const timer = setTimeout(() => raw.destroy(), 2_000);
  raw.once('close', () => clearTimeout(timer));
  raw.once('end', () => clearTimeout(timer));
}

/** What is said to whoever sent it. */
export const uploadWords: Readonly<Record<UploadFault, string>> = {
  size: 'A paper may have at most 10 MiB.', type: 'A paper is sent as a PDF: application/pdf.', coding: 'A paper is sent as it is, without a content coding.', parts: 'The form has more parts than a paper needs.',
  form: 'There is no paper in what was sent.', busy: 'As many papers are being taken as the exchange takes. Try again in some seconds.',
};

let atOnce = 0;

async function oneOfFew(work: () => Promise<Upload>): Promise<Upload> {
  if (atOnce >= mostAtOnce) return fault('busy');
  atOnce += 1;
  try {
    return await work();
  } finally {
    atOnce -= 1;
  }
}

/** Null where there is more than `most`: then the rest is let go, up to as much again, so that the sender may read why. */
async function readAll(stream: Readable, most: number): Promise<Buffer | null> {
  const chunks: Buffer[] = [];
  let total = 0;
  for await (const chunk of stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    total += chunk.length;
    if (total <= most) chunks.push(chunk);
    else chunks.length = 0;
    if (total > 2 * most) return null;
  }
  return total > most ? null : Buffer.concat(chunks);
}

const limits: ReadonlySet<string> = new Set(['FST_PARTS_LIMIT', 'FST_FILES_LIMIT', 'FST_FIELDS_LIMIT', 'FST_PROTO_VIOLATION']);

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function isPlain({ headers }: FastifyRequest): boolean {
  const coding = headers['content-encoding'];
  return coding === undefined || coding === 'identity';
}

function isTooLong({ headers }: FastifyRequest, most: number): boolean {
  return Number(headers['content-length'] ?? 0) > 2 * most;
}

function fault(why: UploadFault): Upload {
  return { ok: false, why };
}
