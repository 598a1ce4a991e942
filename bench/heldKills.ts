import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inquiry, police } from '../test/exchangeParts.ts';
import { openKeys, openReader } from '../src/ledger/index.ts';
import { emptyExtension, type DecisionEntry, type VerdictEntry, type WireFormat } from '../src/model/index.ts';
import { HeldError, type Decide, type Reviewer } from '../src/review/types.ts';
import { migrate, openStore } from '../src/store/index.ts';
import type { Purpose } from '../src/vocabulary/index.ts';
import { encodeInquiry } from '../src/wire/index.ts';
import { argument } from './argument.ts';
import { goneNumber, openHeldParts } from './heldParts.ts';
import { inTemporaryFolder } from './weirProcess.ts';

/**
 * A held request of each kind, by JSON, NIEM XML and legacy message, driven to its end while the process that holds ledger, pipeline and review is ended with SIGKILL between each step and at random
 * moments within them: `node dist/bench/heldKills.js [--count ROUNDS] [--seed S]`; exit 1 where anything that was acknowledged is lost, a request has two verdicts, or a byte went out without its entry.
 */
const rounds = argument('--count', 1);
let seed = argument('--seed', 1);
const wait = 4;

interface Kind {
  readonly name: string;
  readonly purpose: Purpose;
  readonly number: string;
  /** Null: the clock decides. */
  readonly decision: Decide | null;
  readonly verdict: VerdictEntry['verdict'];
}

const reviewer: Reviewer = { account: 'A-BENCH0000001', person: 'U-BENCH0000001', role: 'reviewer', desks: [], employer: null, name: 'Robin Vale' };
const asker = { oris: new Set([police]), who: 'certificate 0000000000000000', role: null };
const [known, base] = ['Q4471180023', { reason: 'lawAllows', note: 'by the bench' } as const];
const kinds: readonly Kind[] = [
  { name: 'released', purpose: 'theft', number: known, decision: { decision: 'releaseAll', ...base }, verdict: 'released' },
  { name: 'released in part', purpose: 'theft', number: known, decision: { decision: 'releaseLess', classes: [{ dataClass: 'photo', treatment: 'reduced' }], ...base }, verdict: 'releasedInPart' },
  { name: 'refused', purpose: 'theft', number: known, decision: { decision: 'refuse', ...base, reason: 'noLegalGround' }, verdict: 'refused' },
  { name: 'no record', purpose: 'theft', number: goneNumber, decision: { decision: 'releaseAll', ...base }, verdict: 'noRecord' },
  { name: 'refused by the clock', purpose: 'theft', number: known, decision: null, verdict: 'refused' },
  { name: 'released by the clock', purpose: 'violentCrime', number: known, decision: null, verdict: 'released' },
];
const formats: readonly WireFormat[] = ['json', 'niem', 'legacy'];

const role = process.argv.indexOf('--exchange');
if (role >= 0) await serve(process.argv[role + 1] ?? '', process.argv[role + 2] ?? '', Number(process.argv[role + 3]));
else for (let round = 1; round <= rounds; round += 1) await inTemporaryFolder((folder) => drive(folder, round));

/** One request on its way. What was acknowledged is kept, to be held against the ledger at the end. */
interface Way {
  readonly kind: Kind;
  readonly format: WireFormat;
  ticket: string | null;
  question: string | null;
  decided: boolean;
  late: string | null;
}

async function drive(folder: string, round: number): Promise<void> {
  const store = await openStore({ data: join(folder, 'data'), databaseUrl: null, say: () => undefined });
  await migrate(store.sql);
  const ways: Way[] = kinds.flatMap((kind) => formats.map((format) => ({ kind, format, ticket: null, question: null, decided: false, late: null })));
  const findings: string[] = [];
  let kills = 0;
  /** One step for all, with a kill in the middle of it, until each was acknowledged; then a kill after it. */
  const step = async (within: number, todo: (way: Way) => Command | null, done: (way: Way, said: Said) => void): Promise<void> => {
    for (let turn = 0; ; turn += 1) {
      const left = ways.flatMap((way) => { const command = todo(way); return command === null ? [] : [{ way, command }]; });
      if (left.length === 0) return;
      if (turn > 20) throw new Error(`a step comes to no end: ${JSON.stringify(left[0])}`);
      const exchange = await start(folder, store.url, within);
      const asking = left.map(async ({ way, command }) => { const said = await exchange.ask(command); if (said !== null) done(way, said); });
      if (turn === 0) setTimeout(() => exchange.child.kill('SIGKILL'), random() * 60);
      await Promise.all(asking);
      exchange.child.kill('SIGKILL');
      await exchange.ended;
      kills += 1;
    }
  };
  await step(3_600, (way) => (way.ticket !== null || way.kind.decision === null ? null : { do: 'hold', kind: kinds.indexOf(way.kind), format: way.format }), (way, said) => { way.ticket = said.text; });
  await step(wait, (way) => (way.ticket !== null ? null : { do: 'hold', kind: kinds.indexOf(way.kind), format: way.format }), (way, said) => { way.ticket = said.text; });
  const person = (way: Way): boolean => way.kind.decision !== null;
  const opened = new Set<Way>();
  await step(3_600, (way) => (!person(way) || opened.has(way) ? null : { do: 'open', ticket: way.ticket ?? '' }), (way) => opened.add(way));
  await step(3_600, (way) => (!person(way) || way.question !== null ? null : { do: 'ask', ticket: way.ticket ?? '' }), (way, said) => { way.question = said.text; });
  const replied = new Set<Way>();
  await step(3_600, (way) => (!person(way) || replied.has(way) ? null : { do: 'reply', ticket: way.ticket ?? '', question: way.question ?? '' }), (way, said) => { if (said.code === null || said.code === 'HELD_STATE') replied.add(way); });
  await step(3_600, (way) => (way.decided ? null : person(way) ? { do: 'decide', ticket: way.ticket ?? '', kind: kinds.indexOf(way.kind) } : { do: 'wait', ticket: way.ticket ?? '' }),
    (way, said) => { way.decided = said.code === null || said.code === 'HELD_STATE'; });
  await step(3_600, (way) => (way.late !== null ? null : { do: 'answer', ticket: way.ticket ?? '' }), (way, said) => { if (said.text !== null) way.late = said.text; });
  findings.push(...(await holdAgainst(folder, ways)));
  await store.stop();
  process.stdout.write(`round ${round}: ${ways.length} held requests (${kinds.length} kinds, ${formats.length} formats) driven to their ends over ${kills} kills; findings: ${findings.length === 0 ? 'none' : findings.join('; ')}\n`);
  if (findings.length > 0) process.exitCode = 1;
}

/** What was acknowledged against what stands in the ledger. */
async function holdAgainst(folder: string, ways: readonly Way[]): Promise<readonly string[]> {
  const keys = await openKeys(join(folder, 'keys'), ['ZY', '00']);
  const reader = openReader({ journal: join(folder, 'journal'), place: join(folder, 'ledger'), days: keys.days });
  const [decisions, verdicts, acts] = [new Map<string, DecisionEntry>(), new Map<string, Map<string, VerdictEntry>>(), new Set<string>()];
  for await (const { entry } of reader.entries(0)) {
    if (entry.type === 'decision' && entry.ticket !== null) decisions.set(entry.ticket.id, entry);
    if (entry.type === 'act') acts.add(`${entry.act} ${String(entry.on)}`);
    // A fact may stand twice after a kill: it is one by its id.
    if (entry.type === 'verdict') verdicts.set(entry.ticket, (verdicts.get(entry.ticket) ?? new Map<string, VerdictEntry>()).set(entry.id, entry));
  }
  await keys.close();
  return ways.flatMap(({ kind, format, ticket, late }) => {
    const of = `${kind.name} (${format})`;
    const given = [...(verdicts.get(ticket ?? '')?.values() ?? [])];
    const photo = late?.replaceAll(/\s/g, '').includes(Buffer.from('portrait-marker').toString('base64')) === true;
    return [
      ...(ticket === null || !decisions.has(ticket) ? [`${of}: its entry is lost`] : []), ...(given.length === 1 ? [] : [`${of}: ${given.length} verdicts`]),
      ...(given[0]?.verdict === kind.verdict ? [] : [`${of}: the verdict is ${String(given[0]?.verdict)}`]), ...(photo === (kind.verdict === 'released') ? [] : [`${of}: the photo ${photo ? 'went out' : 'is missing'}`]),
      ...(late?.includes('A1B2C3D4') === true ? [] : [`${of}: the control field is missing`]), ...(acts.has(`lateAnswerTaken ${String(ticket)}`) ? [] : [`${of}: its taking is not on the record`]),
      ...(kind.decision === null || (acts.has(`heldOpened ${String(ticket)}`) && acts.has(`moreAsked ${String(ticket)}`) && acts.has(`moreAnswered ${String(ticket)}`)) ? [] : [`${of}: an act is lost`]),
    ];
  });
}

type Command = { readonly do: 'hold'; readonly kind: number; readonly format: WireFormat } | { readonly do: 'open' | 'ask' | 'wait' | 'answer'; readonly ticket: string }
  | { readonly do: 'reply'; readonly ticket: string; readonly question: string } | { readonly do: 'decide'; readonly ticket: string; readonly kind: number };
interface Said {
  readonly text: string | null;
  readonly code: string | null;
}

/** The process that is killed: takes commands as lines, and acknowledges each. */
async function serve(folder: string, url: string, within: number): Promise<void> {
  const { exchange, review, now } = await openHeldParts(folder, url, within);
  const run = async (command: Command): Promise<string | null> => {
    switch (command.do) {
      case 'hold': {
        const kind = kinds[command.kind];
        const asked = inquiry({ subject: { kind: 'licence', number: kind?.number ?? '' }, reason: command.format === 'legacy' && kind?.purpose === 'violentCrime' ? 'V' : null, extension: command.format === 'legacy' ? emptyExtension : { ...emptyExtension, purpose: kind?.purpose ?? null } });
        const answer = await exchange.handle({ body: Buffer.from(encodeInquiry(command.format, asked)), format: command.format, credential: { fingerprint: null, oris: null }, idempotencyKey: null });
        const text = Buffer.from(answer.body).toString();
        return /ZY-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(text)?.[0] ?? null;
      }
      case 'open': return JSON.stringify(await review.open('ZY', command.ticket, reviewer));
      case 'ask': return (await review.ask('ZY', command.ticket, 'for which case?', reviewer)).id;
      case 'reply': return review.reply(command.ticket, command.question, 'for case 12', asker).then(() => 'done');
      case 'decide': return (await review.decide('ZY', command.ticket, kinds[command.kind]?.decision ?? { decision: 'refuse', ...base }, reviewer)).verdict;
      case 'wait': {
        for (;;) {
          await review.tick(now());
          if ((await review.ticket(command.ticket, asker))?.status !== 'held') return 'decided';
          await new Promise((resolve) => setTimeout(resolve, 50));
        }
      }
      case 'answer': {
        await review.tick(now());
        const late = await review.answer(command.ticket, asker);
        return late === null ? null : Buffer.from(late.body).toString();
      }
    }
  };
  // What a killed process left in the ledger alone comes first, as in an exchange that starts.
  await review.tick(0);
  process.stdout.write('ready\n');
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, command } = JSON.parse(line) as { readonly id: number; readonly command: Command };
    const tell = (said: Said): void => void process.stdout.write(`${JSON.stringify({ id, ...said })}\n`);
    run(command).then((text) => tell({ text, code: null }), (error: unknown) => {
      if (!(error instanceof HeldError)) process.stderr.write(`${String(error)}\n`);
      tell({ text: null, code: error instanceof HeldError ? error.code : 'fault' });
    });
  }
}

async function start(folder: string, url: string, within: number): Promise<{ readonly child: ChildProcess; readonly ended: Promise<void>; ask(command: Command): Promise<Said | null> }> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), '--exchange', folder, url, String(within)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, (said: Said | null) => void>();
  const ended = new Promise<void>((resolve) => child.once('exit', () => {
    for (const answer of waiting.values()) answer(null);
    resolve();
  }));
  // Writing to a process that was killed fails, and that is meant.
  child.stdin.on('error', () => undefined);
  let next = 0;
  await new Promise<void>((resolve, reject) => {
    void ended.then(() => reject(new Error('the process ended before it was ready')));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'ready') {
        resolve();
        return;
      }
      const { id, ...said } = JSON.parse(line) as Said & { readonly id: number };
      waiting.get(id)?.(said);
      waiting.delete(id);
    });
  });
  return {
    child, ended,
    ask: (command) => new Promise((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) {
        resolve(null);
        return;
      }
      next += 1;
      waiting.set(next, resolve);
      child.stdin.write(`${JSON.stringify({ id: next, command })}\n`);
    }),
  };
}

function random(): number {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
}
