import { listCredentials, type CredentialRow } from '../../people/index.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { withPeople } from './people.ts';

export const addList: AddVerb = (parent) => {
  parent.command('list')
    .description('the certificates, newest first')
    .option('--ori <ori>', 'only those that may speak for this ORI')
    .addHelpText('after', '\nExamples:\n  weir agency list\n  weir agency list --ori WA0170000 --json')
    .action(verb(async (options: CommonOptions & { readonly ori?: string }) => await withPeople(options, async ({ sql }) => {
      const wanted = options.ori?.toUpperCase();
      const rows = (await listCredentials(sql)).filter(({ oris }) => wanted === undefined || oris.includes(wanted));
      const now = new Date();
      return {
        text: rows.length === 0 ? 'No certificate. Make one with weir agency enrol.' : rows.map((row) => lineOf(row, now)).join('\n'),
        json: rows.map((row) => ({ ...row, state: stateOf(row, now) })),
      };
    })));
};

function lineOf(row: CredentialRow, now: Date): string {
  const who = row.operator ? ['operator', ...row.oris] : row.oris;
  return [row.fingerprint.slice(0, 16), stateOf(row, now).padEnd(8), `until ${row.notAfter.toISOString().slice(0, 10)}`, row.issuedBy === 'local' ? 'local' : 'external', who.join(','), row.note ?? '']
    .join('  ').trimEnd();
}

function stateOf(row: CredentialRow, now: Date): 'revoked' | 'ended' | 'good' {
  return row.revokedAt !== null ? 'revoked' : row.notAfter <= now ? 'ended' : 'good';
}
