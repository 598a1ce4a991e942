import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';

import { MendableError } from '../model/codedError.ts';
import { answerWork, refusalsOf, sentenceOf } from './refusals.ts';

class RoomError extends MendableError<'ROOM_STATE' | 'ROOM_LEDGER'> {
  override readonly name = 'RoomError';
}
class OtherError extends MendableError<'ROOM_STATE'> {
  override readonly name = 'OtherError';
}
const roomRefusal = refusalsOf<RoomError['code']>(RoomError, { ROOM_STATE: 'stateChanged', ROOM_LEDGER: 'notRecorded' });

const apps: FastifyInstance[] = [];
afterEach(() => Promise.all(apps.splice(0).map((app) => app.close())));

async function answerTo(work: () => Promise<unknown>, unknown?: string): Promise<readonly [number, unknown]> {
  const app = fastify();
  apps.push(app);
  app.decorate('countProblem', () => undefined);
  app.setErrorHandler((error: Error, _request, reply) => reply.code(500).send({ thrown: error.name }));
  app.get('/', (request, reply) => answerWork(request, reply, roomRefusal, work, unknown === undefined ? {} : { unknown }));
  const { statusCode, body } = await app.inject('/');
  return [statusCode, JSON.parse(body)];
}

describe('what a room refuses', () => {
  it('is its problem, with its code and what to do', async () => {
    expect(await answerTo(() => Promise.reject(new RoomError('ROOM_STATE', 'the item is closed', 'Open another.')))).toEqual([409, expect.objectContaining({ reasonCode: 'ROOM_STATE', detail: 'The item is closed. Open another.' })]);
    expect(await answerTo(() => Promise.reject(new RoomError('ROOM_LEDGER', 'it was not recorded', 'Try again.')))).toEqual([503, expect.objectContaining({ reasonCode: 'ROOM_LEDGER' })]);
  });

  it('is not what another room refuses, though the code be the same', async () => {
    expect(roomRefusal(new OtherError('ROOM_STATE', 'closed', 'Wait.'))).toBeNull();
    expect(await answerTo(() => Promise.reject(new OtherError('ROOM_STATE', 'closed', 'Wait.')))).toEqual([500, { thrown: 'OtherError' }]);
    expect(await answerTo(() => Promise.reject(new TypeError('a fault')))).toEqual([500, { thrown: 'TypeError' }]);
    expect(roomRefusal({ code: 'ROOM_STATE', message: '', mend: '' })).toBeNull();
  });

  it('sends what was found, and says with which code nothing was', async () => {
    expect(await answerTo(() => Promise.resolve({ one: 1 }))).toEqual([200, { one: 1 }]);
    expect(await answerTo(() => Promise.resolve(null), 'ROOM_UNKNOWN')).toEqual([404, expect.objectContaining({ reasonCode: 'ROOM_UNKNOWN' })]);
    const [status, problem] = await answerTo(() => Promise.resolve(null));
    expect([status, Object.keys(problem as object).includes('reasonCode')]).toEqual([404, false]);
  });

  it('ends one sentence before it begins the next', () => {
    expect(['ends', 'ends.', 'ends?'].map((message) => sentenceOf({ message, mend: 'Do this.' }))).toEqual(['Ends. Do this.', 'Ends. Do this.', 'Ends? Do this.']);
    expect(sentenceOf({ message: 'ends', mend: '' })).toBe('Ends.');
  });
});
