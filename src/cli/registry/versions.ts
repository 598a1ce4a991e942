import { listVersions } from '../../registry/index.ts';
import { verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { align, count } from './columnsOfText.ts';
import { withRegistry } from './withRegistry.ts';

/** `weir registry versions`: every version, newest first. */
export const addVersions: AddVerb = (parent) => {
  parent.command('versions')
    .description('every version of the registry with its hash, newest first')
    .addHelpText('after', '\nExamples:\n  weir registry versions\n  weir registry versions --json')
    .action(verb(versions));
};

async function versions(options: CommonOptions): Promise<VerbResult> {
  const rows = await withRegistry(options, async (sql) => listVersions(sql));
  return {
    text: rows.length === 0 ? 'Nothing was imported yet. See weir registry import.' : align([
      ['version', 'made', 'hash', 'organisations', 'offices', 'affiliations', 'certifications', 'note'],
      ...rows.map((row) => [
        String(row.version), row.createdAt.toISOString().slice(0, 16).replace('T', ' '), row.hash.slice(0, 16), count(row.counts.organisations), count(row.counts.offices),
        count(row.counts.affiliations), count(row.counts.certifications), row.note,
      ]),
    ]),
    json: rows,
  };
}
