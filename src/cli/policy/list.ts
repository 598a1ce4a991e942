import { listPolicies, versionsInForce } from '../../store/policies.ts';
import { withStore } from '../store.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { ownerOf } from './file.ts';

interface Options extends CommonOptions {
  readonly all?: boolean;
}

export const addList: AddVerb = (parent) => {
  parent.command('list')
    .description('list the policies in force')
    .argument('[owner]', 'only this owner')
    .option('--all', 'every version, and not only those in force')
    .addHelpText('after', '\nExample:\n  weir policy list WA --all')
    .action(verb(async (options: Options, text: string | undefined) => {
      const owner = text === undefined ? undefined : ownerOf(text);
      const [every, inForce] = await withStore(options, ({ sql }) => Promise.all([listPolicies(sql, owner), versionsInForce(sql, new Date())]));
      const live = new Set(inForce.map((row) => `${row.owner} ${row.version}`));
      const rows = every.map((row) => ({ ...row, inForce: live.has(`${row.owner} ${row.version}`) })).filter((row) => options.all === true || row.inForce);
      const lines = rows.map((row) =>
        `${row.owner}  ${String(row.version).padStart(7)}  ${row.inForce ? 'in force' : '        '}  ${row.effective}  ${row.hash.slice(0, 12)}…  ${row.activatedAt.toISOString().slice(0, 16)}Z  ${row.author}`);
      return {
        text: rows.length === 0 ? 'No policy is in force: everything is refused.' : ['    version            from        hash           activated          author', ...lines].join('\n'),
        json: { policies: rows },
      };
    }));
};
