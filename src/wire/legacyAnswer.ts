import { jurisdictionName } from '../vocabulary/index.ts';
import type { Answer, ClassAnswer, Clocks, DirectoryAnswer, FaultAnswer, Ori, OwnerAnswer, Receipt, Summary } from '../model/index.ts';
import { headerClock } from './headerClock.ts';
import { recordLines } from './legacyRecord.ts';
import { ascii, capitals, endOfMessage, lineEnd, spaced } from './legacyText.ts';
import { statusText } from './niemAnswer.ts';
import { demonstrationNotice } from './notice.ts';
import { numberOfFault, numberOfStatus } from './numbers.ts';
import { senderOf } from './sender.ts';
import type { PeerSettings, WireSettings } from './settings.ts';

/**
 * The answer as legacy text: one message for each owner that was named, or one message with the summary where the answers
 * are merged. Each message ends with ETX, CR, LF.
 */
export function writeLegacyAnswer(answer: Answer, settings: WireSettings, peer: PeerSettings): string {
  if (answer.merged) {
    const body = [...summaryLines(answer.summary), ...answer.answers.flatMap((one) => ['', ...ownerLines(one, settings, peer)])];
    return message(answer.key, settings.switchOri, answer, body, settings);
  }
  return answer.answers.map((one) => {
    const said = numberOfStatus(one.status, peer);
    const sender = said === null ? senderOf(one.owner, answer, settings) : settings.switchOri;
    return message(said?.key ?? answer.key, sender, answer, ownerLines(one, settings, peer), settings);
  }).join('');
}

export function writeLegacyDirectory(answer: DirectoryAnswer, settings: WireSettings): string {
  const rows = answer.entries.map(({ ori, type, state, active, name }) =>
    `ORI/${capitals(ori)} TYP/${capitals(type)} STA/${capitals(state)} ACT/${active ? 'A' : 'I'} LOC/${capitals(name)}`);
  const body = [
    rows.length === 0 ? 'NOT ON FILE' : `${rows.length} ON FILE`,
    ...rows,
    ...(answer.more ? ['MORE ENTRIES MATCHED THAN ARE SHOWN'] : []),
  ];
  return message(answer.key, settings.switchOri, answer, body, settings);
}

/** The number and its words, what is wrong and where, and the first 100 characters of what came in (C N16). */
export function writeLegacyFault(answer: FaultAnswer, settings: WireSettings, peer: PeerSettings): string {
  const { fault } = answer;
  const said = numberOfFault(fault, answer.format, peer);
  const body = [
    `${said.number} ${said.text}`,
    capitals(fault.message),
    ...(fault.at === null || fault.at === '' ? [] : [`AT ${ascii(fault.at)}`]),
    'ORIGINAL MESSAGE',
    ascii(fault.echo),
  ];
  return message(said.key, settings.switchOri, { ...answer, demonstration: false }, body, settings);
}

interface Addressed {
  readonly requester: Ori | null;
  readonly control: string | null;
  readonly clocks: Clocks;
  readonly demonstration: boolean;
}

/** The output header (C N16 for the shape): key and sender, two clock lines, the control field, `TXT`. */
function message(key: string, sender: Ori, answer: Addressed, body: readonly string[], settings: WireSettings): string {
  const clock = headerClock(answer.clocks, settings);
  const control = answer.control === null ? [] : [`*${answer.control}`];
  const placed = settings.controlPlacement;
  return [
    `${key}.${sender}`,
    ...(placed === 'afterFirstLine' ? control : []),
    `${clock.receiveTime} ${clock.receiveDate} ${clock.receiveNumber}`,
    `${clock.sendTime} ${clock.sendDate} ${clock.sendNumber} ${answer.requester ?? ''}`.trimEnd(),
    ...(placed === 'beforeText' ? control : []),
    'TXT',
    ...(answer.demonstration ? [demonstrationNotice] : []),
    ...body,
  ].join(lineEnd) + lineEnd + endOfMessage;
}

function ownerLines(answer: OwnerAnswer, settings: WireSettings, peer: PeerSettings): readonly string[] {
  const { owner, records, ticket, receipt } = answer;
  const said = numberOfStatus(answer.status, peer);
  const where = jurisdictionName(owner) === owner ? '' : ` ${capitals(jurisdictionName(owner))}`;
  return [
    `${said === null ? '' : `${said.number} `}FROM ${ascii(owner)}${where} - ${said?.text ?? statusText[answer.status]}`,
    ...answer.classes.filter(({ outcome }) => outcome !== 'release').map(classLine),
    ...answer.reasons.map((reason) => `REASON ${capitals(reason)}`),
    ...(ticket === null ? [] : [
      `TICKET ${ascii(ticket.id)} DEADLINE ${ascii(ticket.deadline)} ${ticket.onTimeout === 'deny' ? 'REFUSED' : 'RELEASED'} IF NOBODY DECIDES`,
    ]),
    ...records.flatMap((record, i) => [`RECORD ${i + 1} OF ${records.length}`, ...recordLines(record, settings)]),
    ...(answer.more ? ['MORE RECORDS MATCHED THAN ARE SHOWN'] : []),
    ...(receipt === null ? [] : receiptLines(receipt)),
  ];
}

/** Where the entry stands, what stands there, and the signed promise of it, in lines that old terminals take. */
function receiptLines({ log, index, entry, hash, token }: Receipt): readonly string[] {
  return [`RECEIPT ${capitals(log)} ${index} ${ascii(entry)}`, `HASH ${ascii(hash)}`, ...(token.match(/.{1,64}/g) ?? []).map((part) => `SIGNED ${ascii(part)}`)];
}

/** `REFUSED PHOTO BY RULES ZY-7 ZY-9`; without a rule, nothing allowed it. */
function classLine({ dataClass, outcome, treatment, rules }: ClassAnswer): string {
  const done = outcome === 'deny' ? 'REFUSED' : outcome === 'hold' ? 'HELD' : 'REDUCED';
  const to = treatment === null ? '' : ` TO ${spaced(treatment)}`;
  return `${done} ${spaced(dataClass)}${to} BY ${rules.length === 0 ? 'NO RULE THAT RELEASES IT' : `RULES ${rules.map(ascii).join(' ')}`}`;
}

/** Asked, hit, no hit, did not answer (C N2), and refused and held besides, so that no refusal is folded into "no hit". */
function summaryLines(summary: Summary): readonly string[] {
  const { owners } = summary;
  const named: readonly (readonly [string, readonly string[]])[] = [
    ['HIT', owners.hit], ['NOT ON FILE', owners.noHit], ['REFUSED', owners.refused], ['HELD', owners.held], ['SILENT', owners.silent],
  ];
  return [
    `SUMMARY ASKED ${summary.asked} HIT ${summary.hit} NOT ON FILE ${summary.noHit} REFUSED ${summary.refused} HELD ${summary.held} SILENT ${summary.silent}`,
    ...named.flatMap(([what, codes]) => (codes.length === 0 ? [] : [`OWNERS ${what}: ${codes.map(ascii).join(' ')}`])),
  ];
}
