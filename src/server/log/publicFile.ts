import { hash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** How long others may keep a public file. */
export const cacheFor = {
  /** Checked each time: an entity tag makes that cheap (C2SP tlog-tiles, "Checkpoints": no caching beyond a few seconds). */
  changing: 'no-cache',
  /** What never changes under its name: a whole tile. */
  ever: 'public, max-age=31536000, immutable',
  /** A partial tile never changes either, but may be taken away when the whole one is there. */
  while: 'public, max-age=60',
} as const;

export interface PublicFile {
  readonly body: string | Uint8Array;
  readonly type: string;
  readonly cache: (typeof cacheFor)[keyof typeof cacheFor];
}

/** Sends a file that everybody may read, also a page of another site: nothing in it depends on who asks. Answers 304 where the asker has it. */
export function sendPublic(request: FastifyRequest, reply: FastifyReply, { body, type, cache }: PublicFile): FastifyReply {
  const tag = `"${hash('sha256', body, 'base64url').slice(0, 27)}"`;
  void reply.header('cache-control', cache).header('etag', tag).header('access-control-allow-origin', '*').header('cross-origin-resource-policy', 'cross-origin');
  if (matches(request.headers['if-none-match'], tag)) return reply.code(304).send();
  return reply.header('content-type', type).send(typeof body === 'string' ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}

/** RFC 9110, 13.1.2: a list of tags, or `*`; compared weakly. */
function matches(header: string | undefined, tag: string): boolean {
  return header !== undefined && header.split(',').map((one) => one.trim().replace(/^W\//, '')).some((one) => one === tag || one === '*');
}
