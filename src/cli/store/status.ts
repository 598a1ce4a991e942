import { schemaStatus } from '../../store/index.ts';
import { withOpenStore } from '../store.ts';
import { exitCodes, verb, type AddVerb } from '../verb.ts';

export const addStatus: AddVerb = (parent) => {
  parent.command('status')
    .description('where the database is, and which steps of the schema it has')
    .addHelpText('after', '\nExit code 1 where steps are missing.\n\nExample:\n  weir store status --json')
    .action(verb(async (options) => await withOpenStore(options, async (store) => {
      const { applied, pending } = await schemaStatus(store.sql);
      const [server] = await store.sql<{ version: string }[]>`select current_setting('server_version') as version`;
      const kind = store.embedded ? 'embedded' : 'external';
      const lines = [
        `PostgreSQL ${server?.version ?? ''}, ${kind}${store.attached ? ', run by the server that is up' : ''}; data folder ${store.folder}`,
        ...applied.map(({ id, name, appliedAt }) => `${id}  ${name.padEnd(12)} since ${appliedAt.toISOString()}`),
        ...pending.map(({ id, name }) => `${id}  ${name.padEnd(12)} MISSING: run weir store migrate`),
      ];
      return {
        text: lines.join('\n'),
        json: { kind, attached: store.attached, folder: store.folder, postgres: server?.version ?? null, applied, pending },
        exit: pending.length === 0 ? exitCodes.ok : exitCodes.finding,
      };
    })));
};
