import { policyPage } from '../../proof/page.ts';
import { json, type JobAnswer, type JobParts } from './job.ts';

/** The whole policy as one page, of the agencies of the newest registry. */
export async function pageJob({ library, named }: JobParts): Promise<JobAnswer> {
  const { table, document, network } = await library.basis(named);
  return json(policyPage(table, document, network));
}
