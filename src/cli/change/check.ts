import type { Checks, DraftView } from '../../approvals/types.ts';
import { checkFile } from '../policy/file.ts';
import { findingLines } from '../policy/findingLines.ts';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { checkLines } from './lines.ts';
import { changesOf, withServer, withServerOptions, type ChangeOptions, type ChangeServer } from './server.ts';

/** `weir change check FILE`. */
export const addCheck: AddVerb = (parent) => {
  withServerOptions(parent.command('check'))
    .description('have a policy file checked by the exchange, as a proposal of it would be; nothing is proposed')
    .argument('<file>', 'a policy as YAML or JSON')
    .addHelpText('after', `
Checked are: whether it is sound, its claims on the registry of today, what it changes against the policy in force, whether it widens or narrows, and what it
would have done to past requests. A draft is made for it, and dropped again. Exit code 1 where it may not be proposed.

Example:
  weir change check wa.yaml --server https://weir.example.org --token-file token.txt`)
    .action(verb(async (options: ChangeOptions, file: string) => {
      const { text, owner, hash } = await policyFile(file);
      return await withServer(options, async (server) => {
        const { checks } = await checkOn(server, owner, text, `check of ${hash.slice(0, 12)}`, false);
        return { text: checkLines(checks).join('\n'), json: { file, owner, policyHash: hash, ...checks }, exit: checks.ok ? exitCodes.ok : exitCodes.finding };
      });
    }));
};

/** A policy file of which the exchange can be asked. One with errors is told here, and needs no exchange. */
export async function policyFile(file: string): Promise<{ readonly text: string; readonly owner: string; readonly version: number; readonly hash: string }> {
  const { text, result } = await checkFile(file);
  if (result.ok) return { text, owner: result.document.policy, version: result.document.version, hash: result.hash };
  throw new VerbError(exitCodes.finding, `the policy in ${file} has errors\n${findingLines(file, text, result.findings.filter(({ severity }) => severity === 'error')).join('\n')}`, `Mend them and see: weir policy check ${file}`);
}

/** Makes a draft of a text and has it checked. Unless it is to be kept, and may be proposed, it is dropped, whatever happens. */
export async function checkOn(server: ChangeServer, owner: string, text: string, title: string, keep: boolean): Promise<{ readonly draft: DraftView; readonly checks: Checks }> {
  const drafts = `${changesOf(owner)}/drafts`;
  const draft = await server.ask<DraftView>('POST', drafts, { title, text });
  let kept = false;
  try {
    const checks = await server.ask<Checks>('POST', `${drafts}/${draft.id}/check`);
    kept = keep && checks.ok;
    return { draft, checks };
  } finally {
    if (!kept) await server.ask('DELETE', `${drafts}/${draft.id}`).catch(() => undefined);
  }
}
