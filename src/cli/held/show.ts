import type { AskerView, HeldDetail } from '../../review/types.ts';
import { verb, type AddVerb } from '../verb.ts';
import { callExchange, exitHelp, jsonOf, ticketOf, tokenOf, withCall, type CallOptions } from './call.ts';

export const addShow: AddVerb = (parent) => {
  withCall(parent.command('show'))
    .description('one held request: for a reviewer all but the resident\'s data, for an agency its ticket')
    .argument('<ticket>', 'the number of the ticket')
    .option('--asker', 'as the agency that asked, though a token is given')
    .addHelpText('after', `\nExamples:\n  weir held show WA-3F7K-Q2XD-9HTB-M4VE --token-file reviewer.token\n  weir held show WA-3F7K-Q2XD-9HTB-M4VE --server https://weir.example.org:8443 --cert agency.crt --key-file agency.key --ca authority.crt\n${exitHelp}`)
    .action(verb(async (options: CallOptions & { readonly asker?: boolean }, given: string) => {
      const { ticket, owner } = ticketOf(given);
      if (options.asker === true || (await tokenOf(options)) === null) {
        const view = jsonOf<AskerView>(await callExchange(options, { path: `/v1/tickets/${ticket}` }));
        return { text: askerText(view), json: view };
      }
      const item = jsonOf<HeldDetail>(await callExchange(options, { path: `/v1/owners/${owner}/held/${ticket}` }));
      return { text: reviewerText(item), json: item };
    }));
};

function askerText({ id, status, owner, deadline, onTimeout, questions, papers, answer }: AskerView): string {
  return [
    `${id}: ${status}${status === 'held' ? `; decided by ${deadline}, then ${onTimeout === 'deny' ? 'refused' : 'released'}` : ''} (${owner})`,
    ...questions.map((one) => (one.answer === null ? `  question ${one.id}: ${one.text}` : `  answered ${one.id}: ${one.answer}`)), ...papers.map((one) => `  paper ${one.id}, ${one.bytes} bytes, SHA-256 ${one.hash}`),
    ...(answer ? ['The late answer can be taken: weir held take'] : []),
  ].join('\n');
}

function reviewerText({ ticket, state, verdict, deadline, atZero, requester, onBehalfOf, purpose, evidence, held, rules, now, askerRecord: record, similar, conflict, questionList, paperList }: HeldDetail): string {
  return [
    `${ticket}: ${verdict ?? state}, until ${deadline}`, `  ${atZero}`,
    `  asks        ${requester.name} (${requester.ori})${onBehalfOf === null ? '' : `, for ${onBehalfOf.organisation} (${onBehalfOf.ori})`}`,
    `  purpose     ${purpose}; case ${evidence.caseNumber}; warrant ${evidence.warrant} (${evidence.court})`,
    `  held        ${held.map(({ dataClass }) => `${dataClass} (now ${now.find((one) => one.dataClass === dataClass)?.outcome ?? 'deny'})`).join(', ')}`,
    ...rules.map(({ id, words }) => `  rule ${id}   ${words}`), `  its record  ${record.days} days: ${record.asked} held, ${record.released} released, ${record.refused} refused, ${record.lapsed} lapsed`,
    ...similar.map((one) => `  before      ${one.at.slice(0, 10)} ${one.verdict}: ${one.reason}`), ...questionList.map((one) => `  question    ${one.text}${one.answer === null ? '' : ` -- ${one.answer}`}`),
    ...paperList.map((one) => `  paper       ${one.id}, ${one.bytes} bytes`), ...(conflict === null ? [] : [`  You may not decide it: ${conflict}`]),
  ].join('\n');
}
