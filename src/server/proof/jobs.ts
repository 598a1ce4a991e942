import { checkPolicy } from '../../policy/index.ts';
import { allFindings } from '../../proof/advise/index.ts';
import { accessJob } from './accessJob.ts';
import { askJob } from './askJob.ts';
import { assessJob } from './assessJob.ts';
import { diffJob } from './diffJob.ts';
import { exportJob } from './exportJob.ts';
import { json, soundDraft, type JobAnswer, type JobProblem, type ProofJob } from './job.ts';
import type { NamedDocument, ProofLibrary } from './library.ts';
import { pageJob } from './pageJob.ts';
import { pathsJob } from './pathsJob.ts';
import { proveJob } from './proveJob.ts';

/** Does one job. Rejects only for a fault: what an asker did wrong is a problem, and quotes nothing of the request. */
export async function runJob(library: ProofLibrary, job: ProofJob): Promise<JobAnswer> {
  if (job.kind === 'check') return json(checkView(job.text));
  if (job.kind === 'assess') return assessJob(library, job);
  const named = await documentOf(library, job);
  if ('problem' in named) return named;
  const parts = { library, named };
  switch (job.kind) {
    case 'page': return pageJob(parts);
    case 'prove': return proveJob(parts, job);
    case 'access': return accessJob(parts, job);
    case 'paths': return pathsJob(parts, job);
    case 'diff': return diffJob(parts, job);
    case 'ask': return askJob(parts, job);
    case 'export': return exportJob(parts, job);
  }
}

/** The draft to prove, or the policy in force. */
async function documentOf(library: ProofLibrary, job: Exclude<ProofJob, { kind: 'check' | 'assess' }>): Promise<NamedDocument | JobProblem> {
  if (job.kind === 'prove' && job.draft !== null) return soundDraft(job.owner, job.draft);
  return await library.policy(job.owner) ?? { ok: false, problem: 'unknownOwner' };
}

function checkView(text: string): unknown {
  const checked = checkPolicy(text);
  const facts = checked.ok ? { owner: checked.document.policy, version: checked.document.version, hash: checked.hash } : { owner: null, version: null, hash: null };
  return { ok: checked.ok, ...facts, findings: allFindings(checked) };
}
