import type { Html } from '../../drawing/html.ts';
import type { FoundAct } from '../../people/acts/index.ts';
import { time } from './parts.ts';
import { factorWords, roleWords } from './words.ts';

/** What the details of an act are called on its page. One that is not here is shown as it stands on the record. */
const labels: Readonly<Record<string, string>> = {
  action: 'Action', agencies: 'Agencies', bytes: 'Bytes', certification: 'Certification', change: 'Change', channel: 'Channel', code: 'Code', decision: 'Decision', deputy: 'Deputy', desk: 'Desk', desks: 'Desks',
  dueAt: 'Due', effect: 'Effect', factor: 'Factor', factors: 'Factors', failures: 'Failures', form: 'Form', format: 'Form', from: 'From', ground: 'Ground', item: 'Item', kept: 'Kept', kind: 'Kind', method: 'Method',
  order: 'Order', organisation: 'Organisation', ori: 'Agency', owner: 'Owner', paper: 'Paper', period: 'Period', provider: 'Provider', quarter: 'Quarter', question: 'Question', reason: 'Reason', reduced: 'Reduced',
  removed: 'Removed', review: 'Review', role: 'Role that it is about', rows: 'Rows', scope: 'Where', sessions: 'Sessions', shown: 'Shown', source: 'Given by', statement: 'Statement', status: 'Status', step: 'Step', to: 'To',
  tokens: 'Tokens', until: 'Until', users: 'Users', verdict: 'Decision', version: 'Version', way: 'Way', why: 'Why', within: 'Within, in seconds', year: 'Year',
};

const sources: Readonly<Record<string, string>> = { machine: 'the operator, at the machine', official: 'an official', coordinator: 'a coordinator', directory: 'a directory or provider', persona: 'the demonstration' };

/** The details of an act as people read them: names and values in words where they are known, else as they stand. */
export function detailRows({ detail }: Pick<FoundAct, 'detail'>): readonly (readonly [name: string, value: Html | string])[] {
  return Object.entries(detail ?? {}).map(([key, value]) => [Object.hasOwn(labels, key) ? labels[key] ?? key : key, valueWords(key, String(value))]);
}

function valueWords(key: string, value: string): Html | string {
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(value)) return time(value);
  if (key === 'role') return roleWords(value);
  if (key === 'factor' || key === 'factors') return value.split('+').map(factorWords).join(', ');
  if (key === 'source' && Object.hasOwn(sources, value)) return sources[value] ?? value;
  return key === 'desks' && value === '0' ? 'none named' : value;
}
