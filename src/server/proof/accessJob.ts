import { json, type JobAnswer, type JobOf, type JobParts } from './job.ts';
import { accessView, countsView } from './views.ts';

/** Who can obtain what: numbers for every class, or the agencies where a class or an asker is named. */
export async function accessJob({ library, named }: JobParts, job: JobOf<'access'>): Promise<JobAnswer> {
  const basis = await library.basis(named);
  if (job.dataClass === null && job.who === null) return json(countsView(basis, job.world));
  const view = accessView(basis, job);
  return view === null ? { ok: false, problem: 'unknownAgency' } : json(view);
}
