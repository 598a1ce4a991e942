import type { Exchange, Incoming, Outgoing } from '../../exchange/exchange.ts';
import type { OwnerPolicy, Registry } from '../../exchange/ports.ts';
import type { DirectoryEntry } from '../../model/index.ts';
import { buildServer } from '../app.ts';
import type { PolicyDesk, PolicyInForce, ServerDeps, TicketView } from '../deps.ts';
import { checkPolicy } from '../../policy/index.ts';
import { json, type ProofJob } from '../proof/job.ts';
import { startListener, type RunningListener } from '../listen.ts';
import { createLog } from '../logging.ts';
import { createMetrics } from '../metrics.ts';

/** An invented agency, and a ticket of it. */
export const agency: DirectoryEntry = { ori: 'ZZ0000101', name: 'Example City Police (invented)', type: 'PD', state: 'WA', active: true };
export const ticket: TicketView = {
  id: 'WA-3F7K-Q2XD-9HTB-M4VE', inquiry: '01933f5a-7c00-7abc-8def-0123456789ab', owner: 'WA', requester: agency.ori, status: 'held',
  asked: '2026-03-02T17:04:05.000Z', deadline: '2026-03-02T21:04:05.000Z', onTimeout: 'deny',
};

/** An exchange that says in which format it was asked, and keeps what came in. */
export function echoExchange(change: Partial<Outgoing> = {}): Exchange & { readonly seen: Incoming[] } {
  const seen: Incoming[] = [];
  return {
    seen,
    handle(incoming) {
      seen.push(incoming);
      return Promise.resolve({
        status: 200, contentType: 'text/plain; charset=utf-8', body: `format ${incoming.format}`, id: `id-${seen.length}`, retryAfter: null, outcome: 'answered', owners: [], ...change,
      });
    },
  };
}

/** An invented policy in force, with a claim. */
export const policyText = 'policy: WA\nversion: 14\neffective: 2026-01-01\nrules:\n  - { id: WA-1, release: { data: photo } }\nclaims:\n  - { id: WA-C1, never: { to: { component: ICE }, data: photo, by: anyPath } }\n';

/** A desk that keeps what it was asked, and answers in the least form that each kind of job has. */
export function testDesk(change: Partial<PolicyDesk> = {}): PolicyDesk & { readonly jobs: ProofJob[] } {
  const jobs: ProofJob[] = [];
  const checked = checkPolicy(policyText);
  if (!checked.ok) throw new Error('the sample policy is not sound');
  const policy: PolicyInForce = { version: 14, hash: checked.hash, document: checked.document, table: () => ({ hash: 'ef'.repeat(32) }) };
  const facts = { owner: 'WA', policy: { version: 14, hash: checked.hash }, table: 'ef'.repeat(32), registry: { version: 3, hash: 'cd'.repeat(32), day: '2026-03-02' } };
  return {
    jobs,
    of: (owner) => (owner === 'WA' ? policy : null),
    verdicts: () => Promise.resolve([]),
    override: () => Promise.resolve(null),
    run: (job) => {
      jobs.push(job);
      if (job.kind === 'export') return Promise.resolve({ ok: true, body: 'permit (principal, action, resource);', contentType: 'text/plain; charset=utf-8' });
      if (job.kind === 'check') return Promise.resolve(json({ ok: true, owner: 'WA', version: 14, hash: checked.hash, findings: checked.findings }));
      if (job.kind === 'page') return Promise.resolve(json({ owner: 'WA', policyVersion: 14, policyHash: checked.hash, tableHash: 'ef'.repeat(32), columns: [['photo']], rows: [], notes: [] }));
      return Promise.resolve(json(job.kind === 'prove' ? { ...facts, holds: true, claims: [] } : facts));
    },
    ...change,
  };
}

/** Everything that a listener needs, in a small and invented form. */
export function testDeps(change: Partial<ServerDeps> = {}): ServerDeps {
  const policy = { owner: 'WA', version: 14, hash: 'ab'.repeat(32) } as OwnerPolicy;
  const registry: Registry = {
    current: () => ({
      version: 3, hash: 'cd'.repeat(32), requester: () => null, mayActFor: () => false,
      directory: (by) => ({ entries: by.kind === 'ori' && by.ori === agency.ori ? [agency] : [], more: false }),
    }),
  };
  return {
    exchange: echoExchange(),
    registry,
    policies: { owners: ['CO', 'WA'], of: (owner) => (owner === 'WA' ? policy : null) },
    policyDesk: testDesk(),
    credentials: { of: () => null },
    tickets: { find: (id) => Promise.resolve(id === ticket.id ? ticket : null) },
    health: () => [{ name: 'journal', ok: true, reason: null }],
    insight: { run: (job) => Promise.resolve(job.kind === 'briefing' && job.owner === 'WA' ? { kind: 'briefing', html: `<!doctype html><title>Briefing ${job.period}</title>` } : { kind: 'none', problem: job.kind === 'briefing' && job.owner === 'ZZ' ? 'busy' : 'unknown', why: 'there is none' }) },
    logDesk: {
      prefix: 'test.weir.example', logs: () => Promise.resolve([{ name: 'wa', origin: 'test.weir.example/log/wa', size: 1, vkey: 'test' }]), policy: () => Promise.resolve('quorum none\n'),
      file: (log) => Promise.resolve(log === 'wa' ? Buffer.from('a file of the log') : null), proof: (log) => Promise.resolve(log === 'wa' ? 'a proof\n' : null),
      openToAgency: (log) => Promise.resolve(log === 'wa' ? { state: 'opened', bundle: '{"weir":"opening/v1"}' } : null),
    },
    metrics: createMetrics({ process: false }),
    log: createLog('silent'),
    mode: 'demonstration',
    listener: { kind: 'http' },
    version: '0.0.0-test',
    examples: [],
    ...change,
  };
}

const running: RunningListener[] = [];

/** A listener on a free port of loopback. `stopAll` belongs into `afterEach`. */
export async function startTest(deps: ServerDeps): Promise<RunningListener> {
  const listener = await startListener(buildServer(deps), { host: '127.0.0.1', port: 0, grace: 2_000 });
  running.push(listener);
  return listener;
}

export async function stopAll(): Promise<void> {
  await Promise.all(running.splice(0).map((listener) => listener.close()));
}
