import { addDirectory } from '../../people/scim/index.ts';
import { readServerFile } from '../../store/index.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { groupsFrom } from './groups.ts';
import { atMachine, withDirectories } from './parts.ts';

interface Options extends CommonOptions {
  readonly name: string;
  readonly issuer: string;
  readonly scopes: string;
  readonly groups?: string;
  readonly group: readonly string[];
}

export const addAdd: AddVerb = (parent) => {
  parent.command('add')
    .description('connect a directory, and print its secret once')
    .requiredOption('--name <name>', 'a name for the list, such as that of the office')
    .requiredOption('--issuer <address>', 'the provider by which its people sign in, as the settings have it; externalId is the subject there')
    .requiredOption('--scopes <list>', 'what it may give roles for: "owner WA, agency ZZ0000101"')
    .option('--groups <file>', 'which group gives which roles, as YAML or JSON')
    .option('--group <text>', 'the same for one group: "NAME=ROLE SCOPE"; again for more', (text: string, before: readonly string[]) => [...before, text], [] as readonly string[])
    .addHelpText('after', '\nExample:\n  weir directory add --name "Washington people" --issuer https://login.wa.example.org --scopes "owner WA" --group "Weir Approvers=policyApprover owner WA"')
    .action(verb(async (options: Options) => {
      const groups = await groupsFrom(options.groups, options.group);
      const scopes = options.scopes.split(',').map((text) => text.trim()).filter((text) => text !== '');
      return await withDirectories(options, async (parts, folder) => {
        const { directory, secret } = await addDirectory(parts, { name: options.name, issuer: options.issuer, scopes, groups }, atMachine);
        const url = (await readServerFile(folder))?.urls.find((one) => one.startsWith('https:')) ?? 'https://<this exchange>';
        const lines = [
          `Connected ${directory.id}, ${directory.name}, for ${directory.scopes.join(', ')}.`, `  address  ${url}/scim/v2`, `  secret   ${secret}    (shown once: give it to those who run the directory, and to nobody else)`,
          ...Object.entries(groups).map(([group, given]) => `  group    ${group}: ${given.map(({ role, scope }) => `${role} of ${scope}`).join(', ')}`),
        ];
        return { text: lines.join('\n'), json: { id: directory.id, name: directory.name, issuer: directory.issuer, scopes: directory.scopes, groups, address: `${url}/scim/v2`, secret } };
      });
    }));
};
