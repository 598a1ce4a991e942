import { dataPhrases } from '../../../policy/phrases.ts';
import type { OwnerInput } from '../input.ts';
import { listed, many, nameOf, say } from '../say.ts';
import type { Section, Sentence } from '../types.ts';
import type { Book, Source } from './book.ts';
import { federalParties, partyShort } from './parties.ts';

/** Who could ask and never did: what a rule gives that nobody uses. */
export function unusedSection({ policy }: Pick<OwnerInput, 'policy'>, book: Book): Section {
  return { id: 'unused', question: 'Who could ask, but never did?', sentences: policy === null ? [say`With no policy in force, no one gets a thing.`] : policy.access === null ? [say`The registry is too large to work this out.`] : policy.access.flatMap((one) => classSentences(one, accessSource(book, one))), charts: [] };
}

type Access = NonNullable<NonNullable<OwnerInput['policy']>['access']>[number];

/** The table behind the numbers of one class. */
export function accessSource(book: Book, { dataClass, able, asked, silent, command }: Access): Source {
  const plain = dataPhrases[dataClass];
  return book.raw({
    id: `access-${dataClass}`, title: `Who can get ${plain} by asking, and asked for nothing`, command, more: 0,
    note: `${able.toLocaleString('en-US')} bodies can get ${plain} by a request of their own, at least in some cases; ${asked.toLocaleString('en-US')} of them asked for something in this time. Worked out from the rules in force and the registry of today.`,
    table: { caption: `Who can get ${plain} and asked for nothing`, columns: ['group', 'bodies', 'such as'], rows: silent.map(({ party, n, examples }) => [partyShort[party], n, examples.join('; ')]) },
  });
}

function classSentences({ dataClass, able, asked, silent }: Access, source: Source): readonly Sentence[] {
  const plain = dataPhrases[dataClass];
  if (able === 0) return [say`Nobody can get ${plain} just by asking.`];
  const quiet = able - asked;
  const federal = silent.filter(({ party, n }) => federalParties.has(party) && n > 0);
  const [example] = silent.filter(({ n }) => n > 0).flatMap(({ examples }) => examples);
  return [
    say`${many(source.count(able), 'body', 'bodies')} can get ${plain} in some case, and ${quiet === 0 ? 'all of them asked' : say`${source.count(quiet)} of them never asked`}.`,
    ...(federal.length === 0 ? (example === undefined || quiet === 0 ? [] : [say`One of these is ${nameOf(example, 44)}.`]) : [say`Of these, ${listed(federal.map(({ party, n }) => say`${source.count(n)} belong to ${partyShort[party]}`))}.`]),
  ];
}
