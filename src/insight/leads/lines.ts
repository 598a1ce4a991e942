import { count, counted } from '../../vocabulary/counts.ts';
import { periodWords } from '../period.ts';
import { detectors } from './detectors/index.ts';
import type { BehindRow } from './rowsBehind.ts';
import type { DetectorReport, Lead, LeadReport } from './types.ts';
import { dayWords } from './words.ts';

/** A report for a person, line by line. */
export function reportLines(report: LeadReport): readonly string[] {
  const { owner, period, leads, datasetKind, label, dataset, newest, entries, agencies, leftOut } = report;
  return [
    `Leads for review: ${owner}, ${periodWords(period)}, UTC`,
    `${datasetKind === 'invented' ? 'INVENTED DATA. ' : ''}From the log \`${dataset}\`: ${label}${/[.!?]$/.test(label) ? '' : '.'}`,
    `${counted(entries, 'question')} by ${counted(agencies, 'agency', 'agencies')}; newest entry ${newest ?? 'none'}.`,
    'A lead is a reason to look. It says nothing about what anybody did. Read the entries, and ask.',
    '',
    ...(leads.length === 0 ? ['No leads.', ''] : leads.flatMap((lead, i) => [...leadLines(lead, i + 1), ''])),
    ...report.detectors.flatMap((one) => noteOf(one, leads)),
    ...(leftOut.length === 0 ? [] : ['', 'Left out:', ...leftOut.map((line) => `  ${line}`)]),
  ];
}

/** One lead. */
export function leadLines(lead: Lead, place?: number): readonly string[] {
  const { who, rows } = lead;
  const whose = [who.ori === null ? who.agency : `${who.agency} (${who.oris.length > 1 ? `${count(who.oris.length)} offices, most of all ${who.ori}` : who.ori})`, ...(who.user === null ? [] : [`user ${who.user}`]), ...(who.subject === null ? [] : [`person or vehicle ${who.subject}`])];
  return [
    `${place === undefined ? '' : `${place}. `}${titleOf(lead.kind)}   ${lead.id}`,
    `   ${whose.join(', ')}`,
    ...([['Seen', lead.seen], ['Usual', lead.baseline.text], ['Others', lead.peers.text], ['Chance', lead.unusual.text], ['May be', lead.innocent.join(' ')]] as const).flatMap(([word, text]) => folded(word, text)),
    ...folded('Entries', `${counted(rows.total, 'entry', 'entries')}${rows.total === 0 ? '' : `, ${dayWords(rows.first)} to ${dayWords(rows.newest)}`}.`),
    ...rows.commands.map((command) => `     ${command}`),
  ];
}

/** The entries behind a lead as a table. */
export function rowLines(rows: readonly BehindRow[]): readonly string[] {
  const cells = rows.map(({ index, at, ori, user, key, purpose, caseNumber, status, released, subject }) =>
    [String(index), at, ori, user ?? '-', key ?? '-', purpose ?? '-', caseNumber ?? '-', status ?? '-', released.length === 0 ? 'nothing' : released.join('+'), subject ?? '-']);
  const table = [['entry', 'time (UTC)', 'agency', 'user', 'key', 'purpose', 'case number', 'status', 'given', 'about'], ...cells];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd());
}

function titleOf(kind: Lead['kind']): string {
  return detectors.find((detector) => detector.kind === kind)?.title ?? kind;
}

function noteOf({ kind, cannot, found }: DetectorReport, leads: readonly Lead[]): readonly string[] {
  const more = found - leads.filter((lead) => lead.kind === kind).length;
  return [
    ...(more > 0 ? [`${titleOf(kind)}: and ${count(more)} more. See them with --kind ${kind} --limit ${found}.`] : []),
    ...(cannot === null ? [] : [`${titleOf(kind)}: ${cannot}`]),
  ];
}

/** A sentence under its word, in lines of at most 110 characters. */
function folded(word: string, text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of text.split(' ')) {
    if (line !== '' && line.length + part.length + 1 > 98) {
      lines.push(line);
      line = part;
    } else line = line === '' ? part : `${line} ${part}`;
  }
  return [...lines, line].map((one, i) => `   ${(i === 0 ? word : '').padEnd(9)}${one}`);
}
