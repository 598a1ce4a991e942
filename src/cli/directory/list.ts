import { listDirectories } from '../../people/scim/index.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { withDirectories } from './parts.ts';

export const addList: AddVerb = (parent) => {
  parent.command('list')
    .description('the connected directories, newest first, revoked ones too')
    .addHelpText('after', '\nExample:\n  weir directory list --json')
    .action(verb(async (options: CommonOptions) => await withDirectories(options, async ({ sql }) => {
      const found = await listDirectories(sql);
      return { text: found.length === 0 ? 'No directory.' : found.map(lineOf).join('\n'), json: found };
    })));
};

function lineOf({ id, name, scopes, people, createdAt, usedAt, revokedAt }: Awaited<ReturnType<typeof listDirectories>>[number]): string {
  const use = revokedAt !== null ? `REVOKED ${day(revokedAt)}` : usedAt === null ? 'never used' : `last used ${day(usedAt)}`;
  return `${id}  ${name}  ${scopes.join(', ')}  ${people} ${people === 1 ? 'person' : 'people'}  connected ${day(createdAt)}  ${use}`;
}

function day(at: Date): string {
  return at.toISOString().slice(0, 10);
}
