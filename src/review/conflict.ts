import { userName } from '../exchange/marks.ts';
import { plainCode } from '../exchange/recordSubjects.ts';
import type { HeldPersonal } from '../exchange/late.ts';
import type { DecisionEntry, PersonName, Subject } from '../model/index.ts';
import type { Parts } from './parts.ts';
import type { Reviewer } from './types.ts';

/** What is known of the reviewer as a person: from their row, where their agency or directory put it. */
export interface OwnFacts {
  readonly name: PersonName | null;
  readonly licence: string | null;
  readonly birthDate: string | null;
  /** The agencies that they work for besides: by a role of any account of theirs, or as their person's row says. */
  readonly offices: readonly string[];
  /** All accounts of theirs. */
  readonly accounts: readonly string[];
}

/** Reads what is known of a reviewer. `facts` comes from whoever manages the people of an owner. */
export async function ownFacts({ sql }: Pick<Parts, 'sql'>, { person, name }: Reviewer): Promise<OwnFacts> {
  const [row] = await sql<{ name: string; facts: Readonly<Record<string, unknown>>; employer: string | null; offices: string[]; accounts: string[] }[]>`
    select p.name, p.facts, p.employer, array(select id from account where person = p.id) as accounts,
      array(select distinct substr(g.scope, 8) from role_grant g join account a on a.id = g.account where a.person = p.id and g.scope like 'agency %' and g.ended_at is null) as offices
    from person p where p.id = ${person}`;
  const fact = (key: string): string | null => (typeof row?.facts[key] === 'string' && row.facts[key] !== '' ? row.facts[key] : null);
  const [surname, given] = [fact('surname'), fact('given')];
  return {
    name: surname === null || given === null ? userName(row?.name ?? name) : { surname: words(surname), given: words(given).split(' ')[0] ?? '', middle: '' },
    licence: fact('licence') === null ? null : plainCode(fact('licence') ?? ''), birthDate: fact('birthDate'),
    offices: [...(row?.offices ?? []), ...(row === undefined || row.employer === null ? [] : [row.employer])], accounts: row?.accounts ?? [],
  };
}

/** Nobody decides, or opens, a request that they sent, of an agency of theirs, or about themselves. Null where none is so. */
export function conflictOf(parts: Pick<Parts, 'registry' | 'parentOf' | 'sealer'>, entry: DecisionEntry, personal: HeldPersonal, reviewer: Reviewer, own: OwnFacts): 'ownAgency' | 'ownRecord' | null {
  if (own.accounts.includes(entry.credential ?? '') || [...new Set([reviewer.employer, ...own.offices])].some((office) => isOwnAgency(parts, entry, office))) return 'ownAgency';
  return isOwnRecord(parts, entry, personal, own) ? 'ownRecord' : null;
}

/** One organisation, one directly above or below the other, or both under the same one: by what the registry says now and what the entry says of then. */
function isOwnAgency({ registry, parentOf }: Pick<Parts, 'registry' | 'parentOf'>, { requester, onBehalfOf }: DecisionEntry, employer: string | null): boolean {
  if (employer === null) return false;
  const mine = registry.current().requester(employer)?.organisation ?? null;
  return [requester, onBehalfOf].some((one) => {
    if (one === null) return false;
    if (one.ori === employer) return true;
    if (mine === null) return false;
    const above = parentOf(mine);
    return [one.organisation, registry.current().requester(one.ori)?.organisation ?? ''].some((theirs) => {
      if (theirs === '') return false;
      const over = parentOf(theirs);
      return theirs === mine || theirs === above || over === mine || (over !== null && over === above);
    });
  });
}

function isOwnRecord({ sealer }: Pick<Parts, 'sealer'>, { owner, subjectTag, recordTags, marks }: DecisionEntry, { subject }: HeldPersonal, own: OwnFacts): boolean {
  if (own.name !== null && 'name' in subject && sameName(subject.name, own.name)) return true;
  const tags = ownSubjects(own).map((one) => sealer.tag(owner, one));
  return tags.some((tag) => tag === subjectTag || tag === marks?.subjectName || recordTags.includes(tag));
}

/** The tags by which an entry may say that it is about this person. */
export function ownSubjects({ name, licence, birthDate }: OwnFacts): readonly Subject[] {
  return [
    ...(licence === null || licence === '' ? [] : [{ kind: 'licence' as const, number: licence }]),
    ...(name === null ? [] : [{ kind: 'name' as const, name: { ...name, middle: '' } }]),
    ...(name === null || birthDate === null ? [] : ([null, 'M', 'F', 'X', 'U'] as const).map((sex) => ({ kind: 'person' as const, name: { ...name, middle: '' }, birthDate, sex }))),
  ];
}

function sameName(a: PersonName, b: PersonName): boolean {
  return words(a.surname) === words(b.surname) && words(a.given) === words(b.given);
}

function words(text: string): string {
  return text.toUpperCase().split(/\s+/).filter((word) => word !== '').join(' ');
}
