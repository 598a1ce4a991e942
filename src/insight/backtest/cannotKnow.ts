import type { PolicyDocument } from '../../policy/index.ts';
import { count, counted } from '../../vocabulary/counts.ts';
import type { Dataset, Lack, Period } from '../archive/types.ts';
import { capital, share } from './numbers.ts';
import type { Backtest, Baseline, LimitTotal } from './types.ts';

export interface Known {
  readonly dataset: Dataset;
  readonly totals: Pick<Backtest, 'requests' | 'changed' | 'purposes' | 'kinds'>;
  readonly limits: readonly LimitTotal[];
  readonly leftOut: Readonly<Record<string, number>>;
  readonly document: PolicyDocument;
  readonly asOf: number;
  readonly baseline: Baseline;
  readonly window: Period;
  readonly rows: boolean;
}

/** What a backtest cannot tell, in plain sentences: always the same few, and what this one lacks besides. */
export function cannotKnow(known: Known): readonly string[] {
  const { dataset, totals, limits, leftOut, baseline, rows } = known;
  const notStated = totals.purposes.rows.find(({ key }) => key === 'notStated')?.requests ?? 0;
  const notLooked = totals.kinds.filter(({ kind }) => kind === 'released').reduce((sum, { then }) => sum + then.notLooked, 0);
  return [
    ...(dataset.kind === 'invented' ? ['Every request in this data set is invented. The numbers show how the draft works, not what any agency did.'] : []),
    'It cannot know requests that were never made. People ask otherwise when the rules change: some stop, some state a purpose, some ask through others.',
    ...(notStated === 0 || dataset.lacks.includes('purpose') ? [] : [`${capital(share(notStated, totals.requests))} of the requests (${count(notStated)}) ${notStated === 1 ? 'states' : 'state'} no purpose. They are decided as such. Some would state one if the rules asked for it.`]),
    'A stated purpose may be false. The draft is tried on what was stated.',
    'Agencies are taken as they were at the time of each request, not as the registry has them today.',
    ...(notLooked === 0 ? [] : [`Of the requests that would newly get data, ${count(notLooked)} were not looked up then. Nobody knows whether there is a record for each.`]),
    'What a person decided on a held request is not counted. A held request counts as held.',
    ...limits.flatMap(limitSentence),
    ...periodSentences(known),
    ...(baseline.assumed === 0 ? [] : [`The record does not say what was decided on ${counted(baseline.assumed, 'request')}. The policy in force stands for it.`]),
    ...dataset.lacks.map((lack) => lackSentences[lack]),
    ...(leftOut['redelivery'] === undefined ? [] : [`${counted(leftOut['redelivery'], 'answer was sent', 'answers were sent')} a second time. No new decision was made on that, so it is not counted.`]),
    ...(leftOut['incomplete'] === undefined ? [] : [`${counted(leftOut['incomplete'], 'request lacks', 'requests lack')} what is needed to decide. They are left out.`]),
    ...(rows ? [] : ['Only counts were made: people and vehicles, examples and the busiest day were left out.']),
  ];
}

function limitSentence({ id, standing, concerned }: LimitTotal): readonly string[] {
  const most = concerned === null ? '' : ` It would count ${counted(concerned, 'request')}.`;
  switch (standing) {
    case 'same': return [`Limit ${id} is as it was. It is taken as used up where the counters said so then, though the draft would fill them at another pace.`];
    case 'changed': return [`The draft changes limit ${id}. How often it would be used up cannot be told from these counts, so it is taken as never used up.${most}`];
    case 'added': return [`The draft adds limit ${id}. How often it would be used up cannot be told from these counts, so it is taken as never used up.${most}`];
    case 'removed': return [`The draft drops limit ${id}. What it held or refused then is decided by the other rules.`];
    case 'unknown': return [`What limit ${id} said then is not kept here. It is taken as used up only where the record says so.${most}`];
  }
}

function periodSentences({ document, asOf }: Known): readonly string[] {
  const day = new Date(asOf).toISOString().slice(0, 10);
  const items = [...document.rules, ...document.limits, ...document.notify].filter(({ effective, expires }) => effective !== null || expires !== null);
  return [
    ...(document.expires !== null && document.expires < day ? [`The draft ends on ${document.expires}, before ${day}: under it everything is refused. Give another day with --as-of.`] : []),
    ...(day < document.effective ? [`The draft begins on ${document.effective}, after ${day}: under it everything is refused. Give another day with --as-of.`] : []),
    ...(items.length === 0 ? [] : [`${items.length === 1 ? 'One item' : `${count(items.length)} items`} of the draft (${items.map(({ id }) => id).join(', ')}) ${items.length === 1 ? 'begins or ends' : 'begin or end'} on a day. The whole period is decided as on ${day}.`]),
  ];
}

const lackSentences: Readonly<Record<Lack, string>> = {
  decisions: 'The log does not say which rules decided. The policy in force stands for what was decided then.',
  released: 'The log does not say what was given. The classes that the message key implies are taken instead.',
  purpose: 'The log has no purposes. Each request is decided as one that states none, so rules that ask for a purpose look stricter than they would be.',
  evidence: 'The log has no case numbers or warrants. Each request is decided as one without them.',
  user: 'The log does not say which person asked. No rule reads it.',
  subject: 'The log does not say who was asked about. People and vehicles cannot be counted.',
  status: 'The log does not say what came of the requests.',
  attributesThen: 'The log does not say what each agency was then. The registry of the day of the import is taken instead.',
};
