import { inventNetwork } from '../demo/network.ts';
import type { Network, NetworkEdge } from '../src/model/index.ts';
import { tableFor } from '../src/policy/index.ts';
import { accessMatrix, claimsInForce, effectiveAccess, pathsTo, proveAll, proveInRegistry, type ProofBasis } from '../src/proof/index.ts';
import { createSnapshot, hashContent, networkOf } from '../src/registry/index.ts';
import { bigPolicies } from './bigPolicies.ts';
import { realLists, realNetworks } from './realClaims.ts';
import { conditions, number, table, type Row } from './table.ts';

/** Proofs over 20,000 agencies, 56 owners with 36 rules each, and again with 40,000 edges more from hubs of 4,000. `node dist/bench/proof.js` */
const content = inventNetwork({ agencies: 20_000 });
const snapshot = createSnapshot(content, 1, hashContent(content));
const at = new Date();
const documents = bigPolicies();

const made = timed(() => networkOf(snapshot, at));
const attributes = timed(() => made.value.nodes.forEach((node) => node.attributes('WA')));
const rows: Row[] = [
  { what: `network of a day: ${number(made.value.nodes.length)} organisations, ${number(made.value.edges.length)} edges`, measured: `${made.ms.toFixed(0)} ms`, budget: '', ok: null },
  { what: 'attributes of all of them, once for each version of the registry', measured: `${attributes.ms.toFixed(0)} ms`, budget: '', ok: null },
];
const tables = documents.map((document) => tableFor(document, { at: at.getTime() }));
const basesOn = (network: Network): ProofBasis[] => documents.map((document, i) => ({ document, network, table: tables[i] ?? tableFor(document, { at: at.getTime() }) }));
// The published lists, where they lie beside: 20,590 agencies and the 287(g) agreements of July 2025.
const lists = realLists();
const networks: (readonly [string, Network])[] = [['', made.value], ['dense: ', dense(made.value)], ...(lists === null ? [] : [['published lists: ', realNetworks(lists).confirmed] as const])];
for (const [name, network] of networks) rows.push(...measure(name, basesOn(network)));
process.stdout.write(`${conditions()}; one thread, in process\n\n${table(rows)}\n`);

function measure(name: string, bases: readonly ProofBasis[]): Row[] {
  const first = timed(() => bases.forEach((basis) => proveClaims(basis, [])));
  const single: number[] = [];
  const all: number[] = [];
  const reports: number[] = [];
  const checked: number[] = [];
  for (const basis of bases) {
    proveClaims(basis, []);
    all.push(timed(() => proveClaims(basis, single)).ms);
    checked.push(timed(() => compileAndCheck(basis)).ms);
    reports.push(timed(() => proveAll(basis)).ms);
  }
  const matrices = (['honoured', 'possible'] as const).map((world) => timed(() => accessMatrix(bases, { world })));
  const planes = (['honoured', 'possible'] as const).map((world) => timed(() => bases.map((basis) => effectiveAccess(basis, { world }))));
  const paths = timed(() => bases.map((basis) => pathsTo(basis, { to: { component: ['ICE'] }, dataClass: 'photo', world: 'possible', limit: 10 })));
  const edges = bases[0]?.network?.edges.length ?? 0;
  const claims = documents.reduce((sum, { claims: some }) => sum + some.length, 0);
  return [
    { what: `${name}one claim in one world, with its path and mend: median, 95th of 100, slowest (${number(edges)} edges)`, measured: `${of(single, 0.5)}, ${of(single, 0.95)}, ${of(single, 1)} ms`, budget: 'median ≤ 10 ms', ok: middle(single) <= 10 },
    { what: `${name}all claims of one owner over the registry, as they decide, with mends: median, slowest of 56 (${number(claims)} claims)`, measured: `${of(all, 0.5)}, ${of(all, 1)} ms`, budget: '', ok: null },
    { what: `${name}compile one owner for all agencies and check its claims, with the path of each that fails: median, slowest of 56`, measured: `${of(checked, 0.5)}, ${of(checked, 1)} ms`, budget: '≤ 100 ms', ok: Math.max(...checked) <= 100 },
    { what: `${name}the same the first time on a new version of the registry, all 56 owners`, measured: `${first.ms.toFixed(0)} ms`, budget: '', ok: null },
    { what: `${name}whole reports: both worlds, both domains, witness, carriers: median, slowest of 56`, measured: `${of(reports, 0.5)}, ${of(reports, 1)} ms`, budget: '', ok: null },
    ...matrices.map(({ ms }, i): Row => ({ what: `${name}effective access, 56 owners × 14 classes, ${['honoured', 'possible'][i] ?? ''}: numbers`, measured: `${number(ms)} ms`, budget: '≤ 5 s', ok: ms <= 5_000 })),
    ...planes.map(({ ms }, i): Row => ({ what: `${name}the same with the contexts of each organisation, ${['honoured', 'possible'][i] ?? ''}`, measured: `${number(ms)} ms`, budget: '≤ 5 s', ok: ms <= 5_000 })),
    { what: `${name}the ten shortest ways of photos to ICE, one owner`, measured: `${(paths.ms / bases.length).toFixed(1)} ms`, budget: '', ok: null },
  ];
}

/** Each claim in force in the world that decides. */
function proveClaims(basis: ProofBasis, times: number[]): void {
  for (const claim of claimsInForce(basis)) times.push(timed(() => proveInRegistry(basis, claim, claim.world)).ms);
}

/** What an activation waits for: the table for the agencies that there are, and each claim in the world that decides, without looking for mends. */
function compileAndCheck({ document, network }: ProofBasis): void {
  const fresh: ProofBasis = { document, network, table: tableFor(document, { at: at.getTime(), known: new Set(network?.nodes.map((node) => node.attributes(document.policy)) ?? []) }) };
  for (const claim of claimsInForce(fresh)) proveInRegistry(fresh, claim, claim.world, undefined, false);
}

/** 40,000 edges more: from ten bodies to 4,000 others each, of four kinds. */
function dense(network: Network): Network {
  const kinds = ['redissemination', 'taskForce', 'fusionCentre', 'vendorHosting'] as const;
  const size = network.nodes.length;
  const edges = Array.from({ length: 40_000 }, (_, n): NetworkEdge => {
    const hub = Math.floor(n / 4_000);
    return { kind: kinds[hub % kinds.length] ?? 'taskForce', from: (hub * 2_003) % size, to: (n * 7 + hub + 1) % size, grade: 'contractOnly', confirmed: true, provenance: 'invented', since: null, until: null };
  });
  return { ...network, edges: [...network.edges, ...edges.filter(({ from, to }) => from !== to)] };
}

function timed<T>(work: () => T): { readonly value: T; readonly ms: number } {
  const from = performance.now();
  const value = work();
  return { value, ms: performance.now() - from };
}

function middle(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
}

function of(values: readonly number[], q: number): string {
  return quantile(values, q).toFixed(1);
}
