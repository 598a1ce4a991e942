import { inventNetwork } from '../demo/network.ts';
import { compileTable, loadTable } from '../src/policy/index.ts';
import { attributeSets, createSnapshot, hashContent } from '../src/registry/index.ts';
import { allPurposes, courtClasses, evidenceGrades, namesOf, type EvidenceFacts } from '../src/vocabulary/index.ts';
import { bigPolicies } from './bigPolicies.ts';
import { conditions, number, table, type Row } from './table.ts';

/** Compiled tables of 56 owners with 36 rules each on the demonstration's agencies: compile, load, decide. `node dist/bench/policyTable.js` */
const content = inventNetwork({});
const snapshot = createSnapshot(content, 1, hashContent(content));
const documents = bigPolicies();
const at = new Date();

const gathered = timed(() => documents.map(({ policy }) => attributeSets(snapshot, policy, at)));
const compileTimes: number[] = [];
const texts = documents.map((document, i) => {
  const one = timed(() => compileTable(document, { at: at.getTime(), known: gathered.value[i] ?? [] }));
  compileTimes.push(one.ms);
  return one.value;
});
const loaded = timed(() => texts.map((text) => loadTable(text)));
const tables = loaded.value;

const requesters = content.offices.flatMap(({ ori }) => snapshot.requester(ori) ?? []);
const evidence: readonly EvidenceFacts[] = namesOf(evidenceGrades).flatMap((warrant) => namesOf(courtClasses).map((court) => ({ warrant, court, caseNumber: 'numbered' as const })));
const lists = [['photo'], ['licenceStatus', 'licenceNumber', 'name', 'birthDate', 'description', 'address', 'photo']] as const;
/** Requests as the exchange makes them, drawn beforehand so that the loop measures decisions alone. */
const inputs = Array.from({ length: 100_000 }, (_, i) => {
  const of = (i * 7919) % tables.length;
  const requester = requesters[(i * 104_729) % requesters.length];
  if (requester === undefined) throw new Error('the network is empty');
  return {
    table: of,
    input: { requester: requester.attributes(documents[of]?.policy ?? '', at), purpose: allPurposes[i % 20] ?? 'notStated', evidence: evidence[(i * 31) % evidence.length] ?? { warrant: 'none', court: 'notStated', caseNumber: 'none' }, kind: 'lookup', classes: lists[1] } as const,
  };
});
let rules = 0;
const decide = (i: number): void => {
  const one = inputs[i % inputs.length];
  if (one !== undefined) rules += tables[one.table]?.decide(one.input).classes.length ?? 0;
};
const decisions = rate(decide);
const cells = rate((i) => {
  const one = inputs[i % inputs.length];
  const by = one === undefined ? undefined : tables[one.table];
  if (one === undefined || by === undefined) return;
  const { requester, purpose, evidence: papers, kind } = one.input;
  rules += by.cell(by.rowOf(by.classOf(requester), 'photo'), by.space.cellOf(purpose, papers, kind)).rules.length;
});

const bytes = texts.reduce((sum, text) => sum + text.length, 0);
const rows: Row[] = [
  { what: 'gather the attributes of all agencies for 56 owners', measured: `${gathered.ms.toFixed(0)} ms`, budget: '', ok: null },
  { what: `compile one owner: median, slowest of 56 (${documents[0]?.rules.length ?? 0} rules, ${number(requesters.length)} agencies)`, measured: `${median(compileTimes).toFixed(1)} ms, ${Math.max(...compileTimes).toFixed(1)} ms`, budget: '≤ 100 ms with its claims', ok: Math.max(...compileTimes) <= 100 },
  { what: 'compile all 56 owners', measured: `${compileTimes.reduce((a, b) => a + b, 0).toFixed(0)} ms`, budget: '', ok: null },
  { what: 'bytes of all tables; classes, rows', measured: `${(bytes / 1e6).toFixed(1)} MB; ${number(tables.reduce((sum, one) => sum + one.compiledClasses, 0))}`, budget: '', ok: null },
  { what: 'load all 56 tables from their bytes', measured: `${loaded.ms.toFixed(0)} ms`, budget: '', ok: null },
  { what: 'decisions/s with rule ids, seven classes each, owners and agencies in turn', measured: number(decisions), budget: '≥ 5 M/s', ok: decisions >= 5e6 },
  { what: 'decisions/s with rule ids, one class', measured: number(cells), budget: '≥ 5 M/s', ok: cells >= 5e6 },
];
process.stdout.write(`${conditions()}; one thread, in process; ${rules > 0 ? '' : 'nothing decided'}\n\n${table(rows)}\n`);

function timed<T>(work: () => T): { value: T; ms: number } {
  const from = performance.now();
  const value = work();
  return { value, ms: performance.now() - from };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
}

/** Calls a second over about two seconds, after a warm-up of the same length. */
function rate(work: (i: number) => unknown): number {
  for (const warm of [true, false]) {
    const from = performance.now();
    let i = 0;
    while (performance.now() - from < 2000) for (let n = 0; n < 1000; n += 1) work(i++);
    if (!warm) return Math.round(i / ((performance.now() - from) / 1000));
  }
  return 0;
}
