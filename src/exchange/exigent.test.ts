import { describe, expect, it } from 'vitest';
import { checkPolicy, compileTable, loadTable, ownerPolicy, redecide } from '../policy/index.ts';
import { emptyExtension, type DecisionEntry, type Inquiry } from '../model/index.ts';
import { encodeInquiry } from '../wire/index.ts';
import { inquiry, world } from '../../test/exchangeParts.ts';
import { createExchange } from './index.ts';

const text = `policy: ZY
version: 1
effective: 2020-01-01
rules:
  - { id: ZY-1, hold: { data: photo, unless: { for: emergency }, review: { by: privacyDesk, within: 4h, onTimeout: deny } } }
  - { id: ZY-2, release: { data: photo, for: [emergency], afterwards: { by: privacyDesk, within: 1d } } }
  - { id: ZY-3, release: { data: [name, licenceStatus] } }
`;
const checked = checkPolicy(text);
if (!checked.ok) throw new Error(checked.findings[0]?.message);
const { document, hash } = checked;

async function ask(over: Partial<Inquiry['extension']>): Promise<{ readonly entry: DecisionEntry; readonly answer: { status: string; reasons: string[]; ticket: unknown; records: { photo?: unknown }[] } }> {
  const w = world({ policies: { owners: ['ZY'], of: () => ownerPolicy(document, hash) } });
  const asked = inquiry({ extension: { ...emptyExtension, ...over, wants: ['name', 'photo'] } });
  const { body } = await createExchange(w.parts).handle({ body: Buffer.from(encodeInquiry('json', asked)), format: 'json', credential: { fingerprint: null, oris: null }, idempotencyKey: null });
  const [entry] = w.entries as DecisionEntry[];
  if (entry === undefined) throw new Error('nothing was recorded');
  return { entry, answer: (JSON.parse(typeof body === 'string' ? body : Buffer.from(body).toString()) as { answers: never[] }).answers[0] as never };
}

describe('an emergency', () => {
  it('is answered at once to a named officer, and opens a review that follows', async () => {
    const { entry, answer } = await ask({ purpose: 'emergency', user: 'BADGE 12' });
    expect(answer).toMatchObject({ status: 'answered', ticket: null });
    expect(answer.records[0]?.photo).toBeDefined();
    expect(answer.reasons).toHaveLength(1);
    expect(entry.ticket).toMatchObject({ by: 'privacyDesk', exigent: true, onTimeout: 'deny' });
    expect(entry.released).toContain('photo');
  });

  it('is held where nobody is named, or the emergency is not stated', async () => {
    for (const over of [{ purpose: 'emergency', user: null }, { purpose: 'fraud', user: 'BADGE 12' }] as const) {
      const { entry, answer } = await ask(over);
      expect(answer.status).toBe('answeredInPart');
      expect(answer.records[0]?.photo).toBeUndefined();
      expect(entry.ticket?.exigent).toBeUndefined();
      expect(entry.decisions.find(({ dataClass }) => dataClass === 'photo')).toMatchObject({ outcome: 'hold', review: { by: 'privacyDesk' } });
    }
  });

  it('can be decided again from its entry, named or not', async () => {
    for (const user of ['BADGE 12', null]) {
      const { entry } = await ask({ purpose: 'emergency', user });
      const table = loadTable(compileTable(document, { hash, at: Date.parse(entry.at) }));
      expect(redecide(JSON.parse(JSON.stringify(entry)) as DecisionEntry, table).same).toBe(true);
    }
  });
});
