import type { DraftView, ProposalView } from '../../approvals/types.ts';
import { verb, type AddVerb } from '../verb.ts';
import { proposalLine, proposalLines } from './lines.ts';
import { changesOf, idPart, shown, withServer, withServerOptions, type ChangeOptions } from './server.ts';

/** `weir change list OWNER`. */
export const addList: AddVerb = (parent) => {
  withServerOptions(parent.command('list'))
    .description('the drafts and proposals of an owner, the newest first')
    .argument('<owner>', 'two letters')
    .option('--state <states>', 'only proposals in these states, with commas between: open, scheduled, inForce, …')
    .addHelpText('after', '\nExample:\n  weir change list WA --state open --json')
    .action(verb(async (options: ChangeOptions & { readonly state?: string }, owner: string) => await withServer(options, async (server) => {
      const { proposals } = await server.ask<{ readonly proposals: readonly ProposalView[] }>('GET', `${changesOf(owner)}/proposals${options.state === undefined ? '' : `?state=${encodeURIComponent(options.state)}`}`);
      const { drafts } = options.state === undefined ? await server.ask<{ readonly drafts: readonly DraftView[] }>('GET', `${changesOf(owner)}/drafts`) : { drafts: [] };
      const lines = [...proposals.map(proposalLine), ...drafts.map(({ id, owner: of, title, authorName, savedAt, checks }) => shown(`${id}  ${of}  draft  ${checks === null ? 'not checked' : checks.ok ? 'checked' : 'did not pass'}  by ${authorName}, saved ${savedAt}: ${title}`))];
      return { text: lines.length === 0 ? 'No change.' : lines.join('\n'), json: { proposals, drafts } };
    })));
};

/** `weir change show ID --owner WA`. */
export const addShow: AddVerb = (parent) => {
  withServerOptions(parent.command('show'))
    .description('one proposal: what it does, who proposed it and why, and who decided')
    .argument('<id>', 'the number of a proposal')
    .requiredOption('--owner <state>', 'whose policy it changes')
    .option('--text', 'print its text, and nothing else')
    .addHelpText('after', '\nExamples:\n  weir change show P-3F7KQ2XD --owner WA\n  weir change show P-3F7KQ2XD --owner WA --text > proposed.yaml')
    .action(verb(async (options: ChangeOptions & { readonly owner: string; readonly text?: boolean }, id: string) => await withServer(options, async (server) => {
      const proposal = await server.ask<ProposalView>('GET', `${changesOf(options.owner)}/proposals/${idPart(id)}`);
      return { text: options.text === true ? proposal.text.replaceAll(/[^\P{Cc}\n\t]/gu, ' ').trimEnd() : proposalLines(proposal).join('\n'), json: proposal };
    })));
};
