import type { AttributesWord, ContextWord, OutcomeWord, RequesterWord } from '../archive/types.ts';
import { ArchiveError } from '../archive/types.ts';
import type { Names } from '../statistics/types.ts';
import { didYouMean } from '../../policy/suggest.ts';

/** The types of columns, as a Data Package names them. */
export type ExportType = 'string' | 'integer' | 'boolean' | 'datetime';
export type ExportValue = string | number | boolean | null;

/** What stands in the same place of each entry of an owner that points to it: it is written out once for all of them. */
export interface Who {
  readonly word: RequesterWord;
  readonly attributes: AttributesWord;
}

/** How a held request ended. */
export interface Review {
  readonly verdict: string;
  readonly decidedBy: string;
  readonly reason: string;
  readonly late: readonly string[];
}

/** Where a column is taken from. A tag is never written: a pseudonym of this one export stands in its place. */
export type ColumnSource =
  | { readonly of: 'entry'; readonly column: 'owner' | 'index' | 'place' | 'at' | 'records' }
  | { readonly of: 'who' | 'behalf'; readonly value: (who: Who, names: Names) => ExportValue }
  | { readonly of: 'context'; readonly value: (word: ContextWord) => ExportValue }
  | { readonly of: 'outcome'; readonly value: (word: OutcomeWord) => ExportValue }
  | { readonly of: 'review'; readonly value: (review: Review) => ExportValue }
  | { readonly of: 'reviewSeconds' }
  | { readonly of: 'mark'; readonly column: 'self' | 'sameSurname' | 'sex' }
  | { readonly of: 'tag'; readonly column: 'subject' | 'subjectName' | 'user' | 'userName' };

export interface ExportColumn {
  readonly name: string;
  readonly type: ExportType;
  readonly what: string;
  readonly source: ColumnSource;
  /** Given where nobody says which columns. */
  readonly usual: boolean;
}

const listed = (words: readonly string[]): string => words.join(';');
const entry = (name: 'owner' | 'index' | 'place' | 'at' | 'records', type: ExportType, what: string, usual = true): ExportColumn => ({ name, type, what, usual, source: { of: 'entry', column: name } });
const who = (name: string, what: string, value: (who: Who, names: Names) => ExportValue, usual = true): ExportColumn => ({ name, type: 'string', what, usual, source: { of: 'who', value } });
const behalf = (name: string, what: string, value: (who: Who, names: Names) => ExportValue): ExportColumn => ({ name, type: 'string', what, usual: true, source: { of: 'behalf', value } });
const context = (name: string, what: string, value: (word: ContextWord) => ExportValue, type: ExportType = 'string'): ExportColumn => ({ name, type, what, usual: true, source: { of: 'context', value } });
const outcome = (name: string, what: string, value: (word: OutcomeWord) => ExportValue, { type = 'string', usual = true }: { readonly type?: ExportType; readonly usual?: boolean } = {}): ExportColumn => ({ name, type, what, usual, source: { of: 'outcome', value } });
const review = (name: string, what: string, value: (review: Review) => ExportValue): ExportColumn => ({ name, type: 'string', what: `${what}; null where it was not held, or had no verdict yet`, usual: true, source: { of: 'review', value } });
const mark = (name: 'self' | 'sameSurname' | 'sex', type: ExportType, what: string): ExportColumn => ({ name, type, what, usual: false, source: { of: 'mark', column: name } });
const tag = (name: 'subject' | 'subjectName' | 'user' | 'userName', what: string): ExportColumn => ({ name, type: 'string', what: `${what}: a pseudonym, the same for the same one within this export and nowhere else`, usual: false, source: { of: 'tag', column: name } });

/** Every column, in the order of the files. The same in all formats; several words stand in one text with `;` between. */
export const exportColumns: readonly ExportColumn[] = [
  entry('owner', 'string', 'whose records were asked for'),
  entry('index', 'integer', 'leaf index in the owner\'s log, or line of an imported log'),
  entry('place', 'string', 'both, as `WA#123`', false),
  entry('at', 'datetime', 'when it was answered: RFC 3339, UTC'),
  who('agency', 'ORI of the office that asked', ({ word }) => word.ori),
  who('agencyName', 'its name in the registry of the day of the export', ({ word }, names) => names.agency(word.ori)),
  who('organisation', 'id of the organisation that the office belongs to', ({ word }) => word.organisation),
  who('organisationName', 'its name in the registry of the day of the export', ({ word }, names) => names.organisation(word.organisation)),
  who('party', 'group of askers', ({ attributes }) => attributes.party),
  who('level', 'level of government, as it was then', ({ attributes }) => attributes.level),
  who('department', 'federal department', ({ attributes }) => attributes.department),
  who('component', 'parts of federal departments', ({ attributes }) => listed(attributes.component)),
  who('homeState', 'the state that the asker belongs to', ({ attributes }) => attributes.homeState),
  who('mission', 'what the asker is for', ({ attributes }) => listed(attributes.mission)),
  who('program287g', '287(g) agreements', ({ attributes }) => listed(attributes.program287g)),
  who('taskForce', 'task forces', ({ attributes }) => listed(attributes.taskForce)),
  who('certified', 'what it had certified to the owner', ({ attributes }) => listed(attributes.certified)),
  who('audit', 'how its last audit went', ({ attributes }) => attributes.audit),
  behalf('behalfAgency', 'ORI for which it was asked; null where the asker asked for itself', ({ word }) => word.ori),
  behalf('behalfOrganisation', 'id of that organisation', ({ word }) => word.organisation),
  context('delegated', 'whether the registry knew that the asker may ask for the other', ({ delegated }) => delegated, 'boolean'),
  context('key', 'message key', ({ key }) => key),
  context('kind', 'look-up or search', ({ kind }) => kind),
  context('format', 'format of the message', ({ format }) => format),
  context('purpose', 'stated purpose', ({ purpose }) => purpose),
  context('warrant', 'grade of evidence of a warrant', ({ warrant }) => warrant),
  context('court', 'who signed it', ({ court }) => court),
  context('caseNumber', 'grade of evidence of a case number; the number itself is never here', ({ caseNumber }) => caseNumber),
  context('wanted', 'classes of data asked for', ({ wanted }) => listed(wanted)),
  outcome('status', 'what it came to at first', ({ status }) => status),
  outcome('decided', 'what each class came to, as `photo:deny`', ({ decisions }) => listed(decisions.map(({ dataClass, outcome: of }) => `${dataClass}:${of}`))),
  outcome('released', 'classes of data given at once', ({ released }) => listed(released)),
  entry('records', 'integer', 'how many records were given, at once or with the verdict: the larger of the two'),
  outcome('rules', 'rules that decided', ({ decisions }) => listed([...new Set(decisions.flatMap(({ rules }) => rules))])),
  outcome('held', 'a person was asked to review it', ({ held }) => held, { type: 'boolean' }),
  review('verdict', 'how it ended', ({ verdict }) => verdict),
  review('decidedBy', '`person`, or `clock` where nobody decided in time', ({ decidedBy }) => decidedBy),
  review('reviewReason', 'the reason of the verdict, a word of a list', ({ reason }) => reason),
  review('releasedLate', 'classes of data given with the verdict', ({ late }) => listed(late)),
  { name: 'reviewSeconds', type: 'integer', what: 'seconds from the request to the verdict; null likewise', usual: true, source: { of: 'reviewSeconds' } },
  outcome('policyVersion', 'version of the policy that decided', ({ policyVersion }) => policyVersion, { type: 'integer' }),
  outcome('policyHash', 'its SHA-256', ({ policyHash }) => policyHash, { usual: false }),
  outcome('tableHash', 'SHA-256 of the compiled table', ({ tableHash }) => tableHash, { usual: false }),
  outcome('registryVersion', 'version of the registry', ({ registryVersion }) => registryVersion, { type: 'integer', usual: false }),
  outcome('registryHash', 'its SHA-256', ({ registryHash }) => registryHash, { usual: false }),
  mark('self', 'boolean', 'the person who asked has the name of the person concerned; null where that is not known'),
  mark('sameSurname', 'boolean', 'likewise the surname'),
  mark('sex', 'string', 'of the person concerned: M, F, X, U'),
  tag('subject', 'of whom or what was asked for'),
  tag('subjectName', 'the name of the person concerned'),
  tag('user', 'the person who asked'),
  tag('userName', 'their name; comparable with `subjectName`'),
];

/**
 * The columns that were asked for, in the order of the files: the usual ones, all (`all`), or by their names. Pseudonyms only with `link`, by which they are all added where no names are given.
 * Throws `ARCHIVE_QUESTION`.
 */
export function chooseColumns(names: readonly string[] | null, link: boolean): readonly ExportColumn[] {
  const isTag = ({ source }: ExportColumn): boolean => source.of === 'tag';
  if (names === null) return exportColumns.filter((column) => column.usual || (link && isTag(column)));
  if (names.length === 1 && names[0] === 'all') return exportColumns.filter((column) => link || !isTag(column));
  const known = exportColumns.map(({ name }) => name);
  for (const name of names) {
    if (known.includes(name)) continue;
    const advice = didYouMean(name, known);
    throw new ArchiveError('ARCHIVE_QUESTION', `\`${name.slice(0, 60)}\` is no column${advice === null ? '' : `; ${advice}`}${advice === null ? ';' : ''} the columns are ${known.join(', ')}`);
  }
  if (names.length === 0) throw new ArchiveError('ARCHIVE_QUESTION', 'an export has at least one column');
  const chosen = exportColumns.filter(({ name }) => names.includes(name));
  const linked = chosen.filter(isTag).map(({ name }) => name);
  if (linked.length > 0 && !link) throw new ArchiveError('ARCHIVE_QUESTION', `${linked.join(', ')} link the entries about one person: say --link where that is meant`);
  return chosen;
}
