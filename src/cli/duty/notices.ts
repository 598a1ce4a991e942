import { spoolNotices } from '../../duties/index.ts';
import type { DutyActor } from '../../duties/types.ts';
import { verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { ownerCode, withDuties } from './open.ts';

interface Options extends CommonOptions {
  readonly owner: string;
  readonly spool?: string;
}

/** At the command line the operator acts: nobody is signed in. */
const operator: DutyActor = { account: 'operator', person: 'operator', name: 'operator', role: 'operator' };

/** `weir duty notices`: the notices of an owner that are open; with `--spool`, their letters into the folder of a letter shop. */
export const addNotices: AddVerb = (parent) => {
  parent.command('notices')
    .description('notices that are to be sent; with --spool, their letters for a letter shop')
    .requiredOption('--owner <state>', 'whose notices')
    .option('--spool <dir>', 'write the letters that are due into this folder, with a manifest, and mark them as sent')
    .addHelpText('after', `
The folder then holds one letter for each notice, readable for its owner alone, and a manifest with the hash of each. What was broken off goes on
at the next call; a notice that a manifest of the folder names is never written again. Keep the manifests in the folder.

Example:
  weir duty notices --owner NY --spool /srv/letters/ny`)
    .action(verb(async (options: Options) => {
      const owner = ownerCode(options.owner);
      return await withDuties(options, async (duties, record) => {
        await record([{ act: 'noticesListed', owner, detail: { way: options.spool === undefined ? 'list' : 'letters' } }]);
        return options.spool === undefined ? listed(await duties.notices(owner, ['due', 'overdue', 'delayed'])) : spooled(await spoolNotices(duties, owner, options.spool, operator));
      });
    }));
};

function listed(notices: Awaited<ReturnType<Parameters<Parameters<typeof withDuties>[1]>[0]['notices']>>): VerbResult {
  return { text: notices.length === 0 ? 'No notice is open.' : notices.map(({ id, state, dueAt, requester, rule }) => `${dueAt.slice(0, 16)}Z  ${state.padEnd(8)}  ${id}  asked by ${requester}, rule ${rule}`).join('\n'), json: notices };
}

function spooled(done: Awaited<ReturnType<typeof spoolNotices>>): VerbResult {
  const { written, known, left, manifest } = done;
  const lines = [
    manifest === null ? 'No letter was written.' : `${written.length} letters written and marked as sent; manifest ${manifest.file}, SHA-256 ${manifest.hash}.`,
    ...(known.length === 0 ? [] : [`${known.length} were in a manifest already and are now marked as sent.`]),
    ...left.map(({ id, why }) => `Not written: ${id}: ${why}.`),
  ];
  return { text: lines.join('\n'), json: done, exit: left.length === 0 ? 0 : 1 };
}
