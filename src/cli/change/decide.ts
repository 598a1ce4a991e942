import type { ProposalView } from '../../approvals/types.ts';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { proposalLine } from './lines.ts';
import { changesOf, idPart, withServer, withServerOptions, type ChangeOptions } from './server.ts';

interface Options extends ChangeOptions {
  readonly owner: string;
  readonly hash?: string;
  readonly round?: string;
  readonly reason: string;
}

const decisions = [
  ['approve', 'approve exactly the text with this hash'], ['return', 'return it to its author, who may propose it again'], ['reject', 'reject it for good'],
] as const;

/** `weir change approve|return|reject ID --hash H --reason …`. */
export const addDecide: AddVerb = (parent) => {
  for (const [decision, description] of decisions) {
    withServerOptions(parent.command(decision))
      .description(description)
      .argument('<id>', 'the number of a proposal')
      .requiredOption('--owner <state>', 'whose policy it changes')
      .requiredOption('--hash <sha256>', 'the hash that you read in weir change show: the decision is bound to it')
      .requiredOption('--reason <text>', 'why; it stands on the record, and in the certificate')
      .option('--round <n>', 'the round that you read: in another one what it would do is another, and nothing is decided')
      .addHelpText('after', `
It needs a sign-in with all factors within the last five minutes, so a token cannot do it: use --login. Nobody decides on their own proposal.

Example:
  weir change ${decision} P-3F7KQ2XD --owner WA --hash 5f1c… --reason "read with counsel" --login blake --accept-notice`)
      .action(verb(async (options: Options, id: string) => {
        const hash = (options.hash ?? '').replaceAll(/\s/g, '').toLowerCase();
        if (!/^[0-9a-f]{64}$/.test(hash)) throw new VerbError(exitCodes.usage, '--hash is no SHA-256', 'Copy all 64 characters that weir change show prints.');
        const { reason, round } = options;
        if (round !== undefined && !/^[1-9]\d{0,5}$/.test(round)) throw new VerbError(exitCodes.usage, '--round is no number', 'weir change show prints it.');
        return await withServer(options, async (server) => {
          const proposal = await server.ask<ProposalView>('POST', `${changesOf(options.owner)}/proposals/${idPart(id)}/decision`, { hash, decision, reason, ...(round === undefined ? {} : { round: Number(round) }) });
          return { text: proposalLine(proposal), json: proposal };
        });
      }));
  }
};

/** `weir change withdraw ID --reason …`. */
export const addWithdraw: AddVerb = (parent) => {
  withServerOptions(parent.command('withdraw'))
    .description('withdraw a proposal of your own')
    .argument('<id>', 'the number of a proposal')
    .requiredOption('--owner <state>', 'whose policy it changes')
    .requiredOption('--reason <text>', 'why')
    .addHelpText('after', '\nExample:\n  weir change withdraw P-3F7KQ2XD --owner WA --reason "a better text follows"')
    .action(verb(async (options: Options, id: string) => await withServer(options, async (server) => {
      const proposal = await server.ask<ProposalView>('POST', `${changesOf(options.owner)}/proposals/${idPart(id)}/withdrawal`, { reason: options.reason });
      return { text: proposalLine(proposal), json: proposal };
    })));
};
