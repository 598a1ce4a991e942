import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dutyWorld, official, owed, type DutyWorld } from '../cases.ts';
import { sha256 } from '../parts.ts';
import { spoolNotices, type Duties } from '../index.ts';

const day = 86_400_000;
const at = Date.parse('2026-11-22T12:00:00.000Z');
let world: DutyWorld;
beforeAll(async () => { world = await dutyWorld(); });
afterAll(() => world.stop());

/** A ledger and tables with nothing but these entries. */
async function fresh(count: number, change: Parameters<typeof owed>[1] = {}): Promise<void> {
  world.broken = false;
  world.clock = at;
  await world.sql`truncate notice, act, ledger_outbox`;
  await world.sql`delete from projection`;
  world.entries.length = 0;
  for (let n = 0; n < count; n++) world.entries.push(owed(n, change));
}

const listed = async (duties: Duties = world.duties) => await duties.notices('CO', null);

describe('notices', () => {
  it('are made once for each entry and rule, whatever the number of callers', async () => {
    await fresh(5, { duties: [{ rule: 'CO-50', who: 'subject', withinSeconds: 259_200 }, { rule: 'CO-51', who: 'owner', withinSeconds: 3_600 }, { rule: 'CO-50', who: 'subject', withinSeconds: 300_000 }] });
    world.entries.push(owed(99, { duties: [] }));
    const processes = Array.from({ length: 8 }, () => world.another());
    await Promise.all(Array.from({ length: 64 }, (_, n) => processes[n % 8]!.tick(at)));
    const all = await listed();
    expect(all.length).toBe(10);
    expect(new Set(all.map(({ id }) => id)).size).toBe(10);
    expect(all.filter(({ rule }) => rule === 'CO-50').map(({ dueAt }) => dueAt)).toEqual(Array(5).fill('2026-11-25T12:00:00.000Z'));
    expect(await world.duties.tick(at)).toBe(0);
  });

  it('come back from the ledger with the same numbers, as they were', async () => {
    await fresh(4);
    await world.duties.tick(at);
    const [a, b, c] = await listed();
    await world.duties.openNotice('CO', a!.id, official);
    await world.duties.noticeSent('CO', a!.id, { channel: 'letter', reference: 'mail 9400 1' }, official);
    await world.duties.delayNotice('CO', b!.id, { until: '2026-11-30T00:00:00Z', ground: 'dangerToPerson', order: '26-CV-1' }, official);
    await world.duties.tick(at + 4 * day);
    await world.drain();
    const before = await listed();
    const told = world.entries.length;
    await world.sql`truncate notice, act`;
    await world.sql`delete from projection`;
    await world.duties.tick(at + 4 * day);
    await world.drain();
    expect(await listed()).toEqual(before);
    expect(before.find(({ id }) => id === c!.id)?.state).toBe('due');
    // Nothing is recorded a second time.
    expect(world.entries.length).toBe(told);
  });

  it('are in time up to the very millisecond, and overdue after, on the record once and in the order of time', async () => {
    await fresh(3);
    world.entries[1] = owed(1, { at: '2026-11-22T11:59:59.999Z' });
    const due = at + 3 * day;
    await world.duties.tick(due);
    await world.drain();
    world.clock = due;
    expect((await listed()).map(({ state }) => state)).toEqual(['overdue', 'due', 'due']);
    expect(world.acts('noticeMissed').length).toBe(1);
    world.clock = due + 1;
    const processes = Array.from({ length: 4 }, () => world.another());
    await Promise.all(Array.from({ length: 64 }, (_, n) => processes[n % 4]!.tick(due + 1)));
    await world.drain();
    expect((await listed()).map(({ state }) => state)).toEqual(['overdue', 'overdue', 'overdue']);
    expect(world.acts('noticeMissed').map(({ detail }) => detail?.['dueAt'])).toEqual(['2026-11-25T11:59:59.999Z', '2026-11-25T12:00:00.000Z', '2026-11-25T12:00:00.000Z']);
    expect(world.events('noticeMissed').length).toBe(3);
  });

  it('are held back by a delay that ends by itself, and are then due again', async () => {
    await fresh(1);
    await world.duties.tick(at);
    const [{ id } = { id: '' }] = await listed();
    const delayed = await world.duties.delayNotice('CO', id, { until: '2026-12-01T00:00:00Z', ground: 'ongoingInvestigation', order: '26-MC-7' }, official);
    expect(delayed).toMatchObject({ state: 'delayed', dueAt: '2026-12-04T00:00:00.000Z', delay: { until: '2026-12-01T00:00:00.000Z', order: '26-MC-7' } });
    await world.duties.openNotice('CO', id, official);
    await expect(world.duties.noticeSent('CO', id, { channel: 'letter', reference: 'mail 1' }, official)).rejects.toMatchObject({ code: 'DUTY_STATE' });
    await world.duties.tick(at + 5 * day);
    await world.drain();
    expect(world.acts('noticeMissed')).toEqual([]);
    expect(world.acts('noticeDelayed')[0]).toMatchObject({ detail: { ground: 'ongoingInvestigation', until: '2026-12-01T00:00:00.000Z' } });
    expect(JSON.stringify(world.acts('noticeDelayed')[0])).not.toContain('26-MC-7');
    world.clock = Date.parse('2026-12-01T00:00:00Z');
    await world.duties.tick(world.clock);
    await world.duties.tick(world.clock);
    await world.drain();
    expect((await listed())[0]?.state).toBe('due');
    expect(world.acts('noticeDue').length).toBe(1);
    expect((await world.duties.due({ owner: 'CO' }, world.clock)).map(({ kind }) => kind)).toContain('notice');
    world.clock = Date.parse('2026-12-04T00:00:00.001Z');
    await world.duties.tick(world.clock);
    await world.drain();
    expect(world.events('noticeMissed').length).toBe(1);
  });

  it('refuse every wrong delay and every wrong proof', async () => {
    await fresh(1);
    await world.duties.tick(at);
    const [{ id } = { id: '' }] = await listed();
    const good = { until: '2026-12-01T00:00:00Z', ground: 'dangerToPerson', order: '26-MC-7' };
    for (const bad of [{ until: '2026-11-22T12:00:00Z' }, { until: 'soon' }, { until: '2028-01-01T00:00:00Z' }, { ground: 'toString' }, { ground: '' }, { order: '' }, { order: 'a\u0000b' }, { order: 'x'.repeat(65) }]) {
      await expect(world.duties.delayNotice('CO', id, { ...good, ...bad }, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    }
    await expect(world.duties.noticeSent('CO', id, { channel: 'pigeon' as 'letter', reference: 'mail 1' }, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(world.duties.noticeSent('CO', id, { channel: 'letter', reference: '' }, official)).rejects.toMatchObject({ code: 'DUTY_FIELD' });
    await expect(world.duties.noticeSent('CO', id, { channel: 'letter', reference: 'mail 1' }, official)).rejects.toMatchObject({ code: 'DUTY_STATE' });
    await expect(world.duties.delayNotice('WA', id, good, official)).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
    await expect(world.duties.openNotice('WA', id, official)).rejects.toMatchObject({ code: 'DUTY_UNKNOWN' });
    expect(await world.duties.notices('WA', null)).toEqual([]);
  });
});

describe('the letter', () => {
  it('is opened only when that is in the ledger, says what the law wants in two languages, and its hash is the proof', async () => {
    await fresh(1, { purpose: 'criminalInvestigation' });
    await world.duties.tick(at);
    const [{ id } = { id: '' }] = await listed();
    let asked = 0;
    const watching = world.another({ subjectAddress: (_owner, subject) => {
      asked += 1;
      expect(subject).toEqual({ kind: 'licence', number: '99SECRET' });
      expect(world.acts('noticeOpened').length).toBe(1);
      return Promise.resolve({ name: 'PAT PERSON', address: ['1 INVENTED ST'] });
    } });
    world.broken = true;
    await expect(watching.openNotice('CO', id, official)).rejects.toMatchObject({ code: 'DUTY_LEDGER' });
    expect(asked).toBe(0);
    world.broken = false;
    const { letter, name } = await watching.openNotice('CO', id, official);
    expect(name).toBe('PAT PERSON');
    for (const part of ['PAT PERSON', '1 INVENTED ST', 'Springfield Police (invented) (COZZ00100)', 'November 22, 2026', '22 de noviembre de 2026', 'name and photo (in a reduced form)', 'nombre y fotografía (en forma reducida)', 'CO-1', id]) expect(letter.replaceAll('\n', ' ')).toContain(part);
    expect(letter).not.toContain('99SECRET');
    expect(Math.max(...letter.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(78);
    const sent = await watching.noticeSent('CO', id, { channel: 'letter', reference: 'mail 9400 1000' }, official);
    expect(sent).toMatchObject({ state: 'sent', proof: { channel: 'letter', reference: 'mail 9400 1000', hash: sha256(letter) } });
    await world.drain();
    expect(world.events('noticeSent')).toMatchObject([{ subject: id, hash: sha256(letter) }]);
    expect(JSON.stringify([world.acts(), world.events()])).not.toMatch(/PAT PERSON|INVENTED ST|9400 1000/);
    await expect(watching.noticeSent('CO', id, { channel: 'letter', reference: 'mail 2' }, official)).rejects.toMatchObject({ code: 'DUTY_STATE' });
  });

  it('is not sent twice, though 64 say so at once', async () => {
    await fresh(1);
    await world.duties.tick(at);
    const [{ id } = { id: '' }] = await listed();
    await world.duties.openNotice('CO', id, official);
    const results = await Promise.allSettled(Array.from({ length: 64 }, (_, n) => world.duties.noticeSent('CO', id, { channel: 'letter', reference: `mail ${n}` }, official)));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBe(1);
    await world.drain();
    expect(world.acts('noticeSent').length).toBe(1);
  });

  it('of an entry that was erased cannot be made, and that is said', async () => {
    await fresh(1);
    await world.duties.tick(at);
    const [{ id } = { id: '' }] = await listed();
    world.entries[0] = owed(77);
    await expect(world.duties.openNotice('CO', id, official)).rejects.toMatchObject({ code: 'DUTY_STATE' });
    const down = world.another({ subjectAddress: () => Promise.reject(new Error('down')) });
    world.entries[0] = owed(0);
    await expect(down.openNotice('CO', id, official)).rejects.toMatchObject({ code: 'DUTY_SEND' });
  });
});

describe('the folder of a letter shop', () => {
  it('gets each letter once, whatever was broken off, and only for its owner', async () => {
    await fresh(3);
    await world.duties.tick(at);
    const folder = await mkdtemp(join(tmpdir(), 'weir-spool-'));
    try {
      // Broken off after the letters and before the manifest: they are written again under the same names.
      const failing: Duties = { ...world.duties, openNotice: async (owner, id, actor) => {
        if ((await readdir(folder)).length === 2) throw new Error('killed');
        return await world.duties.openNotice(owner, id, actor);
      } };
      await expect(spoolNotices(failing, 'CO', folder, official, at)).rejects.toThrow('killed');
      expect((await readdir(folder)).length).toBe(2);
      expect(await world.duties.notices('CO', ['sent'])).toEqual([]);
      // Broken off after the manifest: what it names is marked, and not written again.
      const unmarked: Duties = { ...world.duties, noticeSent: () => Promise.reject(new Error('killed')) };
      await expect(spoolNotices(unmarked, 'CO', folder, official, at)).rejects.toThrow('killed');
      expect((await readdir(folder)).filter((name) => name.endsWith('.txt')).length).toBe(3);
      for (const name of await readdir(folder)) if (name.endsWith('.txt')) await rm(join(folder, name));
      const done = await spoolNotices(world.duties, 'CO', folder, official, at);
      expect(done).toMatchObject({ written: [], left: [], manifest: null });
      expect(done.known.length).toBe(3);
      const names = await readdir(folder);
      expect(names.length).toBe(1);
      const text = await readFile(join(folder, names[0]!), 'utf8');
      expect((await stat(join(folder, names[0]!))).mode & 0o777).toBe(0o600);
      const sent = await world.duties.notices('CO', ['sent']);
      expect(sent.map(({ proof }) => [proof?.channel, proof?.reference])).toEqual(Array(3).fill(['spool', sha256(text)]));
      expect(sent.map(({ id, proof }) => [id, proof?.hash]).sort()).toEqual((JSON.parse(text) as { letters: { id: string; sha256: string }[] }).letters.map((one) => [one.id, one.sha256]).sort());
      expect(await spoolNotices(world.duties, 'CO', folder, official, at)).toEqual({ written: [], known: [], left: [], manifest: null });
      await writeFile(join(folder, names[0]!), text.replace('CO', 'NY'));
      await expect(spoolNotices(world.duties, 'CO', folder, official, at)).rejects.toMatchObject({ code: 'SPOOL_MANIFEST' });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    await expect(spoolNotices(world.duties, 'CO', join(folder, 'gone'), official, at)).rejects.toMatchObject({ code: 'SPOOL_FOLDER' });
  });

  it('leaves due what has no address', async () => {
    await fresh(2);
    await world.duties.tick(at);
    const folder = await mkdtemp(join(tmpdir(), 'weir-spool-'));
    try {
      const nowhere = world.another({ subjectAddress: () => Promise.resolve(null) });
      const done = await spoolNotices(nowhere, 'CO', folder, official, at);
      expect(done.left.length).toBe(2);
      expect(await readdir(folder)).toEqual([]);
      expect((await listed()).map(({ state }) => state)).toEqual(['due', 'due']);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
