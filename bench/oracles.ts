import fc from 'fast-check';
import { tableFor, type PolicyDocument } from '../src/policy/index.ts';
import type { DecisionInput } from '../src/model/index.ts';
import { cedarPolicies } from '../src/policy/export/cedar.ts';
import { cedarOracle, differences, validateCedar } from '../test/oracles/cedar.ts';
import { askBoth } from '../test/oracles/claims.ts';
import { claimQuestion, fewClasses, question, writtenDocuments } from '../test/oracles/samples.ts';
import { startZ3 } from '../test/oracles/z3.ts';
import { argument } from './argument.ts';
import { number } from './table.ts';

/**
 * The long form of `test/oracles`: `npm run oracles -- --cedar 20000 --claims 280 [--seed N]`. Cedar beside the compiled table, and Z3 beside the
 * proofs over any agency that the schema admits: every template, every policy of the demonstration, and random ones until the number is reached.
 * Prints what was asked and every disagreement; exit code 1 where there is one. A seed asks the same again.
 */
const [decisions, claims, seed] = [argument('--cedar', 20_000), argument('--claims', 280), argument('--seed', Date.now() % 2 ** 31)];
const perDocument = 20;
const written = writtenDocuments().map(({ name, document }) => ({ name, document, at: new Date(`${document.effective}T12:00:00Z`) }));
let disagreements = 0;

process.stdout.write(`seed ${seed}\n\n`);
compareCedar();
await compareZ3();
process.stdout.write(`\n${disagreements === 0 ? 'No disagreement.' : `${disagreements} disagreements.`}\n`);
process.exit(disagreements === 0 ? 0 : 1);

function compareCedar(): void {
  const from = performance.now();
  const outcomes = new Map<string, number>();
  const random = Math.max(100, Math.ceil(decisions / perDocument) - written.length);
  const documents = [...written, ...fc.sample(question, { numRuns: random, seed }).map(([document, at], n) => ({ name: `random document ${n}`, document, at }))];
  const requests = fc.sample(fewClasses, { numRuns: documents.length * perDocument, seed });
  documents.forEach(({ name, document, at }, n) => {
    for (const found of validateCedar(cedarPolicies(document, at))) disagree(`${name}: Cedar does not accept the export: ${found}`, { document, at });
    compareOne(name, document, at, requests.slice(n * perDocument, (n + 1) * perDocument), outcomes);
  });
  const tally = [...outcomes].sort().map(([outcome, count]) => `${outcome} ${number(count)}`).join(', ');
  process.stdout.write(`Cedar: ${number(requests.length)} requests to ${documents.length} documents (${written.length} written, ${random} random) decided by the table and by Cedar, outcome, rules, treatment, review and duties; classes: ${tally}; ${seconds(from)} s\n`);
}

function compareOne(name: string, document: PolicyDocument, at: Date, requests: readonly DecisionInput[], outcomes: Map<string, number>): void {
  const [table, oracle] = [tableFor(document, { at: at.getTime() }), cedarOracle(document, at)];
  for (const request of requests) {
    const decision = table.decide(request);
    for (const { outcome } of decision.classes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const found = differences(decision, oracle.decide(request));
    if (found.length > 0) disagree(`${name}: ${found.join('; ')}`, { document, at, request });
  }
}

async function compareZ3(): Promise<void> {
  const from = performance.now();
  const z3 = await startZ3();
  const own = written.flatMap(({ name, document, at }) => document.claims.map((claim) => ({ name: `${name} ${claim.id}`, document, claim, at })));
  const random = fc.sample(claimQuestion, { numRuns: Math.max(100, claims - own.length), seed }).map((one, n) => ({ name: `random claim ${n}`, ...one }));
  const said = new Map<string, number>();
  for (const { name, document, claim, at } of [...own, ...random]) {
    for (const { world, ours, theirs, agree } of askBoth(z3, document, claim, at)) {
      const key = `${theirs === 'unsat' ? 'holds' : theirs === 'sat' ? 'fails' : theirs} ${world}, ${claim.by}`;
      said.set(key, (said.get(key) ?? 0) + 1);
      if (!agree) disagree(`${name}, ${world}: the proof says ${String(ours)}, Z3 ${theirs}`, { document, claim, at });
    }
  }
  await z3.stop();
  const tally = [...said].sort().map(([key, count]) => `${key}: ${count}`).join('; ');
  process.stdout.write(`Z3: ${own.length + random.length} claims (${own.length} written, ${random.length} random) in both worlds, proved over the schema and by Z3: ${tally}; ${seconds(from)} s\n`);
}

function disagree(what: string, about: object): void {
  disagreements += 1;
  process.stdout.write(`DISAGREE ${what}\n  ${JSON.stringify(about)}\n`);
}

function seconds(from: number): string {
  return ((performance.now() - from) / 1000).toFixed(0);
}
