import { Option } from 'commander';
import { reasons, type HeldItem } from '../../review/types.ts';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { callExchange, exitHelp, jsonOf, ticketOf, withCall, type CallOptions } from './call.ts';

interface Options extends CallOptions {
  readonly releaseAll?: boolean;
  readonly releaseLess?: string;
  readonly refuse?: boolean;
  readonly affirm?: boolean;
  readonly disapprove?: boolean;
  readonly escalate?: boolean;
  readonly reason?: string;
  readonly note?: string;
  readonly dryRun?: boolean;
}

export const addDecide: AddVerb = (parent) => {
  withCall(parent.command('decide'))
    .description('decide a held request, or escalate it')
    .argument('<ticket>', 'the number of the ticket')
    .option('--release-all', 'release all that is held').option('--release-less <classes>', 'release only these, as in photo=reduced,birthDate').option('--refuse', 'refuse all of it')
    .option('--affirm', 'it was right to answer an emergency at once').option('--disapprove', 'it was not').option('--escalate', 'leave it to the reviewers of all desks; needs --note')
    .addOption(new Option('--reason <reason>', 'why').choices(Object.keys(reasons))).option('--note <text>', 'for the record, sealed').option('--dry-run', 'print what would be sent, and send nothing')
    .addHelpText('after', `\nReasons:\n${Object.entries(reasons).map(([name, plain]) => `  ${name.padEnd(16)} ${plain}`).join('\n')}\n
Example:\n  weir held decide WA-3F7K-Q2XD-9HTB-M4VE --release-less photo=reduced --reason lessSuffices --note 'Enough to recognise.' --token-file reviewer.token\n${exitHelp}`)
    .action(verb(async (options: Options, given: string) => {
      const { ticket, owner } = ticketOf(given);
      const { what, body } = bodyOf(options);
      const path = `/v1/owners/${owner}/held/${ticket}/${what}`;
      if (options.dryRun === true) return { text: `Would be sent to ${path}: ${JSON.stringify(body)}`, json: { path, body } };
      const item = jsonOf<HeldItem>(await callExchange(options, { method: 'POST', path, body }));
      return { text: `${ticket}: ${item.verdict ?? item.state}`, json: item };
    }));
};

/** Exactly one decision; nothing is taken for granted. */
function bodyOf({ releaseAll, releaseLess, refuse, affirm, disapprove, escalate, reason, note = '' }: Options): { readonly what: 'decision' | 'escalation'; readonly body: object } {
  const flags = { releaseAll, releaseLess: releaseLess === undefined ? undefined : true, refuse, affirm, disapprove, escalate };
  const chosen = Object.entries(flags).flatMap(([name, given]) => (given === true ? [name] : []));
  const [decision] = chosen;
  if (decision === undefined || chosen.length > 1) throw new VerbError(exitCodes.usage, 'say one decision', 'One of --release-all, --release-less, --refuse, --affirm, --disapprove and --escalate.');
  if (decision === 'escalate') {
    if (note.trim() === '') throw new VerbError(exitCodes.usage, 'it is not said why', 'Say so with --note.');
    return { what: 'escalation', body: { note } };
  }
  if (reason === undefined) throw new VerbError(exitCodes.usage, 'a decision needs a reason', 'Give one from the list with --reason; see weir held decide --help.');
  const classes = releaseLess?.split(',').map((one) => {
    const [dataClass = '', treatment] = one.trim().split('=');
    return { dataClass, treatment: treatment ?? null };
  });
  return { what: 'decision', body: { decision, ...(classes === undefined ? {} : { classes }), reason, note } };
}
