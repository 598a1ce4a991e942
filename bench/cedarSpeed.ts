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
  return { ...owner, input };
});

const unlike = requests.slice(0, 2_000).filter(({ table: ours, cedar, input }) => differences(ours.decide(input), cedar.decide(input)).length > 0).length;
// What a table remembers, it remembers from the first time that it is asked.
for (const { table: ours, input } of requests) ours.decide(input);

const rounds = Array.from({ length: 3 }, () => ({
  ours: rate(1_000, (i) => of(i).table.decide(of(i).input).classes[0]?.rules),
  asked: rate(10, (i) => of(i).cedar.ask(of(i).input, 'photo/full').rules),
  theirs: rate(10, (i) => of(i).cedar.decide(of(i).input).classes[0]?.rules),
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

function of(i: number): (typeof requests)[number] {
  const one = requests[i % requests.length];
  if (one === undefined) throw new RangeError('there are no requests');
  return one;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Calls a second of processor time, over a second and a half after half a second of warming up: other work on the machine does not count against either. */
function rate(batch: number, work: (i: number) => unknown): number {
  let i = 0;
  for (const end = performance.now() + 500; performance.now() < end;) for (let n = 0; n < batch; n += 1) work(i++);
  const [from, first] = [process.cpuUsage(), i];
  const spent = () => { const { user, system } = process.cpuUsage(from); return (user + system) / 1e6; };
  while (spent() < 1.5) for (let n = 0; n < batch; n += 1) work(i++);
  return (i - first) / spent();
}
