import { inventNetwork } from '../demo/network.ts';
import { tableFor } from '../src/policy/index.ts';
import { createSnapshot, hashContent } from '../src/registry/index.ts';
import { allPurposes, courtClasses, evidenceGoesTogether, evidenceGrades, namesOf, type EvidenceFacts } from '../src/vocabulary/index.ts';
import type { DecisionInput } from '../src/model/index.ts';
import { cedarOracle, differences } from '../test/oracles/cedar.ts';
import { bigPolicies } from './bigPolicies.ts';
import { conditions, number, table, type Row } from './table.ts';

/**
 * Decisions per second of the compiled table beside Cedar, on the same policies (56 owners, 36 rules each) and the same requests, in turn in one
 * process. Cedar has its policies and schema parsed beforehand, and is not asked to check requests. `node dist/bench/cedarSpeed.js`
 */
const at = new Date();
const content = inventNetwork({});
const snapshot = createSnapshot(content, 1, hashContent(content));
const owners = bigPolicies().map((document) => ({ document, table: tableFor(document, { at: at.getTime() }), cedar: cedarOracle(document, at) }));
const requesters = content.offices.flatMap(({ ori }) => snapshot.requester(ori) ?? []);
const evidence: readonly EvidenceFacts[] = namesOf(evidenceGrades).flatMap((warrant) => namesOf(courtClasses)
  .filter((court) => evidenceGoesTogether(warrant, court)).map((court) => ({ warrant, court, caseNumber: 'numbered' as const })));
const classes = ['photo'] as const;
const requests = Array.from({ length: 20_000 }, (_, i) => {
  const owner = owners[(i * 7919) % owners.length];
  const requester = requesters[(i * 104_729) % requesters.length];
  const papers = evidence[(i * 31) % evidence.length];
  if (owner === undefined || requester === undefined || papers === undefined) throw new Error('the network is empty');
  const input: DecisionInput = { requester: requester.attributes(owner.document.policy, at), purpose: allPurposes[i % allPurposes.length] ?? 'notStated', evidence: papers, kind: 'lookup', classes };
  return { table: owner.table, cedar: owner.cedar, input };
});

const unlike = requests.slice(0, 2_000).filter(({ table: ours, cedar, input }) => differences(ours.decide(input), cedar.decide(input)).length > 0).length;
// What a table remembers, it remembers from the first time that it is asked.
for (const { table: ours, input } of requests) ours.decide(input);

const rounds = Array.from({ length: 3 }, () => ({
  ours: rate(requests.length, () => { for (const { table: one, input } of requests) one.decide(input); }),
  asked: rate(200, (from) => { for (const { cedar, input } of requests.slice(from, from + 200)) cedar.ask(input, 'photo/full'); }),
  theirs: rate(200, (from) => { for (const { cedar, input } of requests.slice(from, from + 200)) cedar.decide(input); }),
}));
const ours = median(rounds.map((round) => round.ours));
const asked = median(rounds.map((round) => round.asked));
const theirs = median(rounds.map((round) => round.theirs));

const rows: Row[] = [
  { what: `the same ${number(2_000)} requests decided otherwise by the two`, measured: number(unlike), budget: '0', ok: unlike === 0 },
  { what: 'table: decisions/s with rule ids, one class, 56 owners and 18,000 agencies in turn', measured: number(ours), budget: '≥ 5,000,000/s', ok: ours >= 5_000_000 },
  { what: 'Cedar: questions/s (`statefulIsAuthorized`), answered with policy ids', measured: number(asked), budget: '', ok: null },
  { what: 'Cedar: whole decisions/s of one class (one to four questions, and one about duties)', measured: number(theirs), budget: '', ok: null },
  { what: 'table decisions for one question to Cedar', measured: `${number(ours / asked)} ×`, budget: '≥ 1,000 ×', ok: ours / asked >= 1_000 },
  { what: 'table decisions for one whole decision of Cedar', measured: `${number(ours / theirs)} ×`, budget: '', ok: null },
];
process.stdout.write(`${conditions()}; one thread, in process, seconds of processor time; median of three rounds in turn\n\n${table(rows)}\n`);
process.exitCode = rows.some(({ ok }) => ok === false) ? 1 : 0;

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/**
 * How many a second of processor time, over a second and a half after half a second of warming up: other work on the machine does not count against
 * either. `work` does a batch of `size`, from a place in the requests.
 */
function rate(size: number, work: (from: number) => void): number {
  let done = 0;
  const next = () => { work(done % requests.length); done += size; };
  const spentSince = (start: NodeJS.CpuUsage) => { const { user, system } = process.cpuUsage(start); return (user + system) / 1e6; };
  for (const start = process.cpuUsage(); spentSince(start) < 0.5;) next();
  const [start, before] = [process.cpuUsage(), done];
  while (spentSince(start) < 1.5) next();
  return (done - before) / spentSince(start);
}
