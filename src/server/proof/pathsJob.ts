import { json, type JobAnswer, type JobOf, type JobParts } from './job.ts';
import { pathsView } from './views.ts';

/** The shortest ways by which an agency obtains a class of data. */
export async function pathsJob({ library, named }: JobParts, job: JobOf<'paths'>): Promise<JobAnswer> {
  const view = pathsView(await library.basis(named), job);
  return view === null ? { ok: false, problem: 'unknownAgency' } : json(view);
}
