import type { EntryMarks, Inquiry, PersonName, RecordData, Sex } from '../model/index.ts';
import type { Sealer } from './ports.ts';
import { plainName } from './recordSubjects.ts';

/**
 * The marks of one owner's entry: who asked and who was asked about, as tags and flags. Made while the names are at hand, because they are
 * never kept. Null where nothing is known. The name asked about is that of the inquiry, else the one of the single record that was given:
 * nothing that was withheld is read.
 */
export function marksOf(sealer: Sealer, owner: string, { requester, subject, extension }: Inquiry, records: readonly RecordData[]): EntryMarks | null {
  const record = records.length === 1 ? records[0] : undefined;
  const asked = 'name' in subject ? plainName(subject.name) : givenName(record);
  const sex = ('sex' in subject ? subject.sex : null) ?? record?.description?.sex ?? null;
  const { user } = extension;
  if (user === null && asked === null && sex === null) return null;
  const asker = user === null ? null : userName(user);
  const tagOf = (name: PersonName | null): string | null => name === null || name.given === '' ? null : sealer.tag(owner, { kind: 'name', name: { ...name, middle: '' } });
  return {
    user: user === null ? null : sealer.tag(owner, { kind: 'user', ori: requester, user: user.trim().toUpperCase() }),
    userName: tagOf(asker),
    subjectName: tagOf(asked),
    ...sameness(asker, asked),
    sex: sex satisfies Sex | null,
  };
}

/**
 * What an agency writes for the person who asks, as a name: `DOE, JANE`, `Jane Doe`, `SGT JANE DOE 4711`. Null for a number or a single word: an
 * account's name is no person's.
 */
export function userName(text: string): PersonName | null {
  const [before = '', after] = text.split(',', 2);
  const words = (part: string): readonly string[] => part.toUpperCase().split(/[\s.]+/).filter((word) => /^\p{L}[\p{L}'’-]*$/u.test(word) && !ranks.has(word));
  if (after !== undefined) {
    const [surname, [given]] = [words(before).join(' '), words(after)];
    return surname === '' || given === undefined ? null : { surname, given, middle: '' };
  }
  const all = words(before);
  const [given, surname] = [all[0], all.at(-1)];
  return all.length < 2 || given === undefined || surname === undefined ? null : { surname, given, middle: '' };
}

/** Words before a name that are none. */
const ranks: ReadonlySet<string> = new Set([
  'OFFICER', 'OFC', 'DEPUTY', 'DEP', 'SGT', 'SERGEANT', 'CPL', 'CORPORAL', 'LT', 'LIEUTENANT', 'CAPT', 'CAPTAIN', 'CHIEF', 'SHERIFF', 'TROOPER', 'TPR', 'AGENT', 'SA', 'DET', 'DETECTIVE',
  'DISPATCHER', 'DISP', 'MR', 'MS', 'MRS', 'DR',
]);

function givenName(record: RecordData | undefined): PersonName | null {
  const name = record?.name ?? record?.registeredOwner?.name;
  return name === undefined ? null : plainName(name);
}

function sameness(asker: PersonName | null, asked: PersonName | null): Pick<EntryMarks, 'self' | 'sameSurname'> {
  if (asker === null || asked === null) return { self: null, sameSurname: null };
  const sameSurname = asker.surname === asked.surname;
  return { self: sameSurname ? sameGiven(asker.given, asked.given) : false, sameSurname };
}

/** Null where one of them is only an initial of the other, or is not known. */
function sameGiven(a: string, b: string): boolean | null {
  if (a === b && a.length > 1) return true;
  return a.charAt(0) === b.charAt(0) && (a.length <= 1 || b.length <= 1) || a === '' || b === '' ? null : false;
}
