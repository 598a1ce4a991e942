import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { heldByLegacy, persona, type Client, type Said } from '../test/peopleClient.ts';
import { openKeys, openReader } from '../src/ledger/index.ts';
import { openStore, type Sql } from '../src/store/index.ts';
import { argument } from './argument.ts';
import { inTemporaryFolder, startProcess, type WeirProcess } from './weirProcess.ts';

/**
 * What people do, sixteen at once, in an exchange whose database loses connections, freezes, whose disk is full, and which is killed: `node dist/bench/peopleFaults.js [--seconds N]`. At the end every
 * change that was acknowledged is in the database, each change has its act and each act its change, and the ledger has every act; exit 1 on a finding. The disk is a small file system that only root
 * can mount; without root that part is left out, and says so.
 */
const seconds = argument('--seconds', 8);
const workers = 16;
/** What a request may take, the longest freeze included, before it counts as hung. */
const patience = 30_000;
const findings: string[] = [];

/** What was acknowledged, by kind. */
const done = { account: new Set<string>(), role: new Set<string>(), draft: new Set<string>(), proposal: new Set<string>(), approval: new Set<string>(), verdict: new Set<string>(), paper: new Set<string>() };
const statuses = new Map<string, number>();
const told = new Set<string>();
let slow = '';
let [slowest, stopped, number] = [0, false, 0];
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');

await inTemporaryFolder(async (folder) => {
  const data = join(folder, 'data');
  const start = (): Promise<WeirProcess> => startProcess({ data, residents: 2_000, agencies: 3_500, ...(at === null ? {} : at) });
  let at: { readonly port: number; readonly tlsPort: number } | null = null;
  let weir = await start();
  await weir.stop();
  const journal = join(data, 'journal');
  const small = mountSmall(journal, folder);
  weir = await start();
  at = { port: Number(new URL(weir.http).port), tlsPort: Number(new URL(weir.https).port) };
  const working = Array.from({ length: workers }, () => work(weir.http));
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, residentMegabytes(weir.child.pid ?? 0))), 250);
  try {
    await phase('all well', () => Promise.resolve(nothing));
    await phase('backends killed each 200 ms', () => killing(data));
    await phase('database frozen for 3 s', () => frozen(data), 3);
    if (small) await phase('disk of the ledger full', () => full(journal));
    else process.stdout.write('disk full: left out, it needs root to mount a small file system\n');
    for (let kill = 1; kill <= 3; kill += 1) {
      await phase(`exchange killed (${kill})`, async () => {
        await weir.kill();
        return async () => { weir = await start(); };
      }, 0.2);
    }
  } finally {
    stopped = true;
    await Promise.all(working);
    clearInterval(watch);
  }
  if (weir.child.exitCode !== null) findings.push('the exchange ended by itself');
  const store = await openStore({ data });
  await hold(store.sql);
  await weir.stop();
  await store.stop();
  await holdLedger(data);
  if (small) execFileSync('umount', [journal]);
  if (slowest > patience) findings.push(`a request took ${Math.round(slowest / 1_000)} s`);
  if (most > 1_500) findings.push('the memory grew past 1.5 GB');
  process.stdout.write(`acknowledged: ${Object.entries(done).map(([kind, set]) => `${kind} ${set.size}`).join(', ')}; slowest request ${(slowest / 1_000).toFixed(1)} s (${slow}); most memory ${most} MB\n`);
});
for (const finding of findings) process.stdout.write(`FINDING: ${finding}\n`);
process.exitCode = findings.length === 0 ? 0 : 1;

function nothing(): Promise<void> {
  return Promise.resolve();
}

/** Breaks something for a while, mends it, and waits until changes are acknowledged again. */
async function phase(name: string, breakIt: () => Promise<() => Promise<void>>, time = seconds): Promise<void> {
  const count = (): number => Object.values(done).reduce((sum, { size }) => sum + size, 0);
  const before = new Map(statuses);
  const began = count();
  const mend = await breakIt();
  await pause(time * 1_000);
  await mend();
  const mended = performance.now();
  const after = count();
  while (count() < after + 5 && performance.now() - mended < 60_000) await pause(50);
  const recovery = (performance.now() - mended) / 1_000;
  if (recovery >= 60) findings.push(`${name}: nothing was acknowledged for a minute after it was mended`);
  const said = [...statuses].map(([status, n]) => [status, n - (before.get(status) ?? 0)] as const).filter(([, n]) => n > 0).sort(([a], [b]) => (a < b ? -1 : 1));
  process.stdout.write(`${name}: ${count() - began} changes acknowledged; answers ${said.map(([status, n]) => `${status} ${n}`).join(', ')}; again after ${recovery.toFixed(1)} s\n`);
}

/** One person after the other, each with a session of their own; whatever fails is tried anew by the next. */
async function work(url: string): Promise<void> {
  const kinds = [invite, decide, invite, decide, paper, change] as const;
  while (!stopped) {
    number += 1;
    const id = number;
    const kind = kinds[id % kinds.length] ?? invite;
    await kind(url, id).catch((error: unknown) => note(error instanceof TypeError ? 'no answer' : `gave up (${kind.name})`, error));
    await pause(20);
  }
}

/** An official invites somebody and gives them a role. */
async function invite(url: string, id: number): Promise<void> {
  const olive = await enter(url, 'Olive');
  const made = await ask(olive, 'POST', '/v1/owners/WA/people', { name: `Fault ${id}`, login: `fault-${id}`, role: 'reviewer' });
  if (made.status >= 300) return;
  const account = /A-[0-9A-Z]{12}/.exec(made.text)?.[0] ?? '';
  done.account.add(account);
  if ((await ask(olive, 'POST', `/v1/owners/WA/people/${account}/roles`, { role: 'auditor' })).status < 300) done.role.add(account);
  await ask(olive, 'POST', `/v1/owners/WA/people/${account}/disable`, { why: 'a trial' });
}

async function decide(url: string, id: number): Promise<void> {
  const { ticket } = await timed('a query', () => heldByLegacy(url, `F${String(id).padStart(7, '0')}`));
  const ruth = await enter(url, 'Ruth');
  if ((await ask(ruth, 'POST', `/v1/owners/WA/held/${ticket}/opening`)).status >= 300) return;
  const said = await ask(ruth, 'POST', `/v1/owners/WA/held/${ticket}/decision`, id % 2 === 0 ? { decision: 'refuse', reason: 'purposeUnclear', note: 'no purpose' } : { decision: 'releaseAll', reason: 'lawAllows', note: 'all of it' });
  if (said.status < 300) done.verdict.add(ticket);
}

async function paper(url: string, id: number): Promise<void> {
  const { ticket } = await timed('a query', () => heldByLegacy(url, `P${String(id).padStart(7, '0')}`));
  const response = await timed('a paper', () => fetch(`${url}/v1/tickets/${ticket}/papers`, { method: 'POST', headers: { 'content-type': 'application/pdf' }, body: pdf }));
  const text = await response.text();
  heard(response.status, text);
  if (response.status < 300) done.paper.add((JSON.parse(text) as { readonly id: string }).id);
}

/** A change from draft to approval, as far as it goes: others change the same policy at the same time. */
async function change(url: string, id: number): Promise<void> {
  const adam = await enter(url, 'Adam');
  const drafts = '/v1/owners/WA/changes/drafts';
  const begun = await ask(adam, 'POST', drafts, { title: `Trial ${id}` });
  if (begun.status >= 300) return;
  const draft = begun.json as { readonly id: string; readonly etag: number; readonly text: string };
  done.draft.add(draft.id);
  const { version } = (await (await fetch(`${url}/v1/policies/WA`)).json()) as { version: number };
  const text = draft.text.replace(/^version: \d+$/m, `version: ${version + 1}`).replace(/^rules:$/m, `rules:\n  - { id: WA-${10_000 + id}, deny: { data: medical, for: [theft] } }`);
  const saved = await ask(adam, 'PUT', `${drafts}/${draft.id}`, { title: `Trial ${id}`, text }, { 'if-match': `"${draft.etag}"` });
  if (saved.status >= 300 || (await ask(adam, 'POST', `${drafts}/${draft.id}/check`)).status >= 300) return;
  const proposed = await ask(adam, 'POST', '/v1/owners/WA/changes/proposals', { kind: 'policy', draft: draft.id, etag: (saved.json as { readonly etag: number }).etag, reason: 'a trial' });
  if (proposed.status >= 300) return;
  const { id: proposal, hash } = proposed.json as { readonly id: string; readonly hash: string };
  done.proposal.add(proposal);
  for (const name of ['Petra', 'Priya']) {
    const approver = await enter(url, name);
    if ((await ask(approver, 'POST', `/v1/owners/WA/changes/proposals/${proposal}/decision`, { hash, decision: 'approve', reason: 'read it' })).status < 300) done.approval.add(`${proposal} ${approver.account}`);
  }
}

async function enter(url: string, name: string): Promise<Client> {
  return timed(`${name} signs in`, async () => persona(url, name));
}

async function ask(client: Client, method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Said> {
  const said = await timed(`${method} ${path}`, () => client.send(method, path, body, headers));
  heard(said.status, said.text);
  return said;
}

async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const began = performance.now();
  try {
    return await work();
  } finally {
    const took = performance.now() - began;
    if (took > slowest) [slowest, slow] = [took, what];
  }
}

function heard(status: number, text: string): void {
  note(String(status));
  if (status === 500) findings.push(`an answer was 500: ${text.slice(0, 200)}`);
  if (/node_modules|\.[jt]s:\d+|postgres:\/\//.test(text)) findings.push('an answer tells of the inside');
}

function note(status: string, error?: unknown): void {
  if (error instanceof Error && !(error instanceof TypeError) && !told.has(error.message.slice(0, 40))) {
    told.add(error.message.slice(0, 40));
    process.stderr.write(`${error.message.slice(0, 300)}\n`);
  }
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
}

/** Both ways: no change without its act, no act of a change that did not happen. */
async function hold(sql: Sql): Promise<void> {
  // What waits for the ledger gets there by itself.
  const until = Date.now() + 30_000;
  for (;;) {
    const [row] = await sql<{ n: number }[]>`select count(*)::int as n from ledger_outbox where recorded_at is null and refused is null`;
    if (row?.n === 0) break;
    if (Date.now() > until) {
      findings.push(`${row?.n ?? 0} entries of the outbox do not get to the ledger`);
      break;
    }
    await pause(100);
  }
  const pairs: readonly (readonly [kind: keyof typeof done | null, changes: string, acts: string])[] = [
    [null, `select id from session`, `select about as id from act where act = 'signedIn' and result = 'done'`],
    ['account', `select id from account where kind = 'local'`, `select about as id from act where act = 'accountMade' and result = 'done' and about in (select id from account where kind = 'local') or act = 'accountMade' and about not in (select id from account)`],
    ['role', `select account as id from role_grant where role = 'auditor' and source = 'official'`, `select about as id from act where act = 'roleGiven' and result = 'done' and detail->>'role' = 'auditor' and detail->>'source' = 'official'`],
    ['draft', `select id from policy_draft`, `select about as id from act where act = 'draftMade'`],
    ['proposal', `select id from policy_proposal`, `select about as id from act where act = 'proposed' and result = 'done'`],
    ['approval', `select proposal || ' ' || account as id from policy_approval`, `select about || ' ' || who as id from act where act = 'approved' and result = 'done'`],
    ['verdict', `select id from ticket where state = 'decided'`, `select about as id from act where act = 'verdictGiven' and result = 'done'`],
    ['paper', `select id from held_paper`, `select detail->>'paper' as id from act where act = 'paperReceived'`],
    [null, `select id from account where disabled_at is not null`, `select about as id from act where act = 'accountDisabled' and result = 'done'`],
    [null, `select id from policy_proposal where state = 'inForce' and kind = 'policy'`, `select a.about as id from act a join policy_proposal p on p.id = a.about where a.act = 'activated' and p.state = 'inForce'`],
  ];
  for (const [kind, changes, acts] of pairs) {
    const [rows, told] = [await idsOf(sql, changes), await idsOf(sql, acts)];
    const name = kind ?? changes.replace(/^select \S+ (?:\S+ )?from /, '');
    compare(`${name}: a change without its act`, rows, new Set(told));
    compare(`${name}: an act without its change`, told, new Set(rows));
    if (new Set(told).size !== told.length) findings.push(`${name}: a change has two acts`);
    if (kind !== null) compare(`${name}: acknowledged, and not there`, [...done[kind]], new Set(rows));
  }
  compare('signed in while disabled', await idsOf(sql, `select s.id from session s join account a on a.id = s.account where a.disabled_at is not null and s.ended_at is null`), new Set());
  compare('a version in force twice', await idsOf(sql, `select version::text as id from policy_proposal where version is not null and state in ('inForce', 'superseded') and kind = 'policy' group by version having count(*) > 1`), new Set());
}

async function idsOf(sql: Sql, text: string): Promise<readonly string[]> {
  return (await sql.unsafe<{ id: string }[]>(text)).map(({ id }) => id);
}

function compare(what: string, ids: readonly string[], other: ReadonlySet<string>): void {
  const missing = ids.filter((id) => !other.has(id));
  if (missing.length > 0) findings.push(`${what}: ${missing.length} (${missing.slice(0, 3).join(', ')})`);
}

/** Every act that the database tells of is in the ledger, and the other way round. */
async function holdLedger(data: string): Promise<void> {
  const store = await openStore({ data });
  const told = new Set(await idsOf(store.sql, 'select id from act'));
  const keys = await openKeys(join(data, 'keys'), []);
  const reader = openReader({ journal: join(data, 'journal'), place: join(data, 'ledger'), days: keys.days });
  const recorded = new Set<string>();
  for await (const { entry } of reader.entries(0)) if (entry.type === 'act') recorded.add(entry.id);
  compare('an act that is not in the ledger', [...told], recorded);
  compare('an act in the ledger that nobody finds', [...recorded], told);
  await keys.close();
  await store.stop();
  process.stdout.write(`${told.size} acts, each in the ledger: ${[...told].every((id) => recorded.has(id)) ? 'yes' : 'no'}\n`);
}

async function killing(data: string): Promise<() => Promise<void>> {
  const store = await openStore({ data, max: 1 });
  const kill = async (): Promise<void> => {
    await store.sql`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and application_name = 'weir' order by random() limit 3`.catch(() => undefined);
  };
  const timer = setInterval(() => void kill(), 200);
  return async () => {
    clearInterval(timer);
    await store.stop();
  };
}

async function frozen(data: string): Promise<() => Promise<void>> {
  const { cluster } = JSON.parse(await readFile(join(data, 'weir.json'), 'utf8')) as { cluster?: string };
  const pid = Number((await readFile(join(cluster ?? join(data, 'postgres'), 'data', 'postmaster.pid'), 'utf8')).split('\n')[0]);
  const pids = [pid, ...execFileSync('ps', ['--ppid', String(pid), '-o', 'pid=']).toString().trim().split(/\s+/).map(Number)];
  for (const one of pids) process.kill(one, 'SIGSTOP');
  return () => {
    for (const one of pids) process.kill(one, 'SIGCONT');
    return Promise.resolve();
  };
}

async function full(journal: string): Promise<() => Promise<void>> {
  const filler = join(journal, 'filler');
  await writeFile(filler, Buffer.alloc(600 * 1024 * 1024)).catch(() => undefined);
  return () => rm(filler, { force: true });
}

/** False where this machine does not let us mount. */
function mountSmall(journal: string, folder: string): boolean {
  const kept = join(folder, 'kept');
  execFileSync('cp', ['-a', journal, kept]);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=500m,mode=0700', 'tmpfs', journal], { stdio: 'ignore' });
  } catch {
    return false;
  }
  execFileSync('cp', ['-a', `${kept}/.`, journal]);
  return true;
}

function residentMegabytes(pid: number): number {
  try {
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
