import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';

import { parseNumber } from '../../verify/bytes.ts';
import { parseTilePath, tileWidth } from '../../verify/tilePath.ts';
import { describe, type RouteFacts } from '../api/describe.ts';
import { sendProblem } from '../send.ts';
import type { LogDesk, LogLine } from './desk.ts';
import { cacheFor, sendPublic } from './publicFile.ts';

const name = Type.String({ description: 'The name of a log: an owner\'s code in small letters, or `anchor`.', examples: ['wa'] });
const logParams = Type.Object({ name });
const tileParams = Type.Object({ name, '*': Type.String({ description: 'Level and number, as C2SP tlog-tiles writes them.', examples: ['0/x001/234', 'entries/000.p/17'] }) });
const proofParams = Type.Object({ name, index: Type.String({ description: 'The leaf index, from 0.', examples: ['1204'] }) });
const text = 'text/plain; charset=utf-8';

const logsSchema = Type.Object({
  prefix: Type.String({ description: 'The name of this ledger.' }),
  logs: Type.Array(Type.Object({
    name, origin: Type.String({ description: 'The origin line of its checkpoints.' }), size: Type.Integer({ description: 'Entries under the latest checkpoint.' }),
    vkey: Type.String({ description: 'Its public key (C2SP signed-note).' }),
  })),
});

/**
 * The public part of the ledger, as plain files: `GET /log`, `/log/policy`, and for each log `checkpoint`, `tile/…` (C2SP tlog-tiles) and `proof/INDEX`
 * (C2SP tlog-proof). Everybody may read them, without a certificate of an agency. What is not there is one and the same 404, however it was asked for.
 */
export function addLogFiles(app: FastifyInstance, desk: LogDesk): void {
  addList(app, desk);
  addTiles(app, desk);

  app.get('/log/policy', { config: { action: 'log.read' }, schema: described('logPolicy', 'The trust policy', 'The keys of all logs and of receipts, and the witnesses (C2SP tlog-policy). To be compared with one got elsewhere: who serves it could serve another.') },
    async (request, reply) => sendPublic(request, reply, { body: await desk.policy(), type: text, cache: cacheFor.changing }));

  const proof = described('logProof', 'The proof that an entry is in a log', 'A `.tlog-proof` (C2SP tlog-proof) under the latest checkpoint.', proofParams);
  app.get<{ Params: Static<typeof proofParams> }>('/log/:name/proof/:index', { schema: proof, config: { action: 'log.read' } }, async (request, reply) => {
    const index = parseNumber(request.params.index);
    const found = index === null ? null : await desk.proof(request.params.name, index);
    if (found === null) return absent(request, reply);
    void reply.header('content-disposition', `inline; filename="${request.params.name}-${String(index)}.tlog-proof"`);
    return sendPublic(request, reply, { body: found, type: text, cache: cacheFor.changing });
  });
}

/** `GET /log`, in JSON, or as lines where text is asked for. */
function addList(app: FastifyInstance, desk: LogDesk): void {
  const schema = describe({
    operationId: 'logs', tag: 'status', summary: 'The logs of this exchange', description: 'With `Accept: text/plain`, one line for each: name, origin, size and key.',
    ok: { description: 'The logs.', schema: logsSchema }, problems: [],
  });
  app.get('/log', { schema, config: { action: 'log.read' } }, async (request, reply) => {
    const logs = await desk.logs();
    const plain = request.headers.accept?.split(',').some((one) => one.trim().startsWith('text/plain')) === true;
    const body = plain ? logs.map(lineOf).join('') : `${JSON.stringify({ prefix: desk.prefix, logs }, null, 2)}\n`;
    return sendPublic(request, reply.header('vary', 'accept'), { body, type: plain ? text : 'application/json; charset=utf-8', cache: cacheFor.changing });
  });
}

function addTiles(app: FastifyInstance, desk: LogDesk): void {
  const checkpoint = described('logCheckpoint', 'The latest checkpoint of a log', 'A signed note (C2SP tlog-checkpoint), with the cosignatures that came so far.', logParams);
  app.get<{ Params: Static<typeof logParams> }>('/log/:name/checkpoint', { schema: checkpoint, config: { action: 'log.read' } }, async (request, reply) => {
    const found = await desk.file(request.params.name, 'checkpoint');
    return found === null ? absent(request, reply) : sendPublic(request, reply, { body: found, type: text, cache: cacheFor.changing });
  });

  const cosigned = described('logCosigned', 'The latest checkpoint that a quorum of witnesses cosigned', 'As `checkpoint`; it may be a few seconds older. Not part of C2SP tlog-tiles.', logParams);
  app.get<{ Params: Static<typeof logParams> }>('/log/:name/cosigned', { schema: cosigned, config: { action: 'log.read' } }, async (request, reply) => {
    const found = await desk.file(request.params.name, 'cosigned');
    return found === null ? absent(request, reply) : sendPublic(request, reply, { body: found, type: text, cache: cacheFor.changing });
  });

  const tile = described('logTile', 'A tile of a log', 'Hashes of one level of the tree, or with `entries` the data of leaves (C2SP tlog-tiles).', tileParams, 'application/octet-stream');
  app.get<{ Params: Static<typeof tileParams> }>('/log/:name/tile/*', { schema: tile, config: { action: 'log.read' } }, async (request, reply) => {
    const path = `tile/${request.params['*']}`;
    // The one way to write the name of a tile: no path leads elsewhere.
    const named = parseTilePath(path);
    const found = named === null ? null : await desk.file(request.params.name, path);
    if (named === null || found === null) return absent(request, reply);
    return sendPublic(request, reply, { body: found, type: 'application/octet-stream', cache: named.width === tileWidth ? cacheFor.ever : cacheFor.while });
  });
}

function described(operationId: string, summary: string, description: string, params?: RouteFacts['params'], type = 'text/plain'): ReturnType<typeof describe> {
  return describe({ operationId, tag: 'status', summary, description, ...(params === undefined ? {} : { params }), ok: { description: 'The file.', schema: Type.String(), type }, problems: ['notFound'] });
}

function absent(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(request, reply.header('access-control-allow-origin', '*'), 'notFound');
}

function lineOf({ name: log, origin, size, vkey }: LogLine): string {
  return `${log} ${origin} ${String(size)} ${vkey}\n`;
}
