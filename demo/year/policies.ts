import type { Jurisdiction } from '../../src/vocabulary/index.ts';
import { checkPolicy, printPolicy, type PolicyDocument } from '../../src/policy/index.ts';
import { readTemplate } from '../../src/templates/index.ts';
import { templateWith } from '../policies/fromTemplate.ts';
import { demoPolicies } from '../policies/index.ts';
import { practice } from '../policies/practice.ts';

/** One version of an owner's policy, and since when it decides. */
export interface YearPolicy {
  readonly owner: Jurisdiction;
  readonly version: number;
  /** SHA-256 of the canonical document, hexadecimal. */
  readonly hash: string;
  /** Milliseconds since 1970, at the beginning of a day of UTC. The first version decides from before the year on. */
  readonly since: number;
  readonly text: string;
  readonly document: PolicyDocument;
}

/**
 * The policies by which an owner's year is decided, oldest first. Most have one: that of the demonstration. In Washington, Oregon, Illinois and
 * New York the rules change within the year: in Washington from the act of 2019 alone to the block of ICE by name, in Oregon and Illinois from
 * open access to a block, in New York officers under 287(g) agreements come under review. `months` are the beginnings of the year's months.
 */
export function policiesOf(owner: Jurisdiction, months: readonly number[]): readonly YearPolicy[] {
  const first = months[0] ?? 0;
  const inMonth = (place: number, day: number): number => (months[place] ?? first) + (day - 1) * 86_400_000;
  const before = first - 300 * 86_400_000;
  const versions: readonly (readonly [since: number, text: string])[] = ((): readonly (readonly [number, string])[] => {
    switch (owner) {
      case 'WA': return [[before, template('washington-2019')], [inMonth(5, 15), templateWith('washington-block', 'WA', searches)]];
      case 'OR': return [[before, practice('OR', true)], [inMonth(1, 9), demonstrated('OR')]];
      case 'IL': return [[before, practice('IL', true)], [inMonth(3, 2), demonstrated('IL')]];
      case 'NY': return [[before, without(demonstrated('NY'), ['NY-12', 'NY-13', 'NY-15', 'NY-C4'])], [inMonth(8, 13), demonstrated('NY')]];
      default: return [[before, demonstrated(owner)]];
    }
  })();
  return versions.map(([since, text], place) => yearPolicy(owner, place + 1, since, text));
}

/** A document numbered `version`, and in force from `since` on at the latest: its own first day may lie after the invented one. */
function yearPolicy(owner: Jurisdiction, version: number, since: number, text: string): YearPolicy {
  const day = new Date(since).toISOString().slice(0, 10);
  const dated = text.replace(/^version: \d+$/m, `version: ${version}`).replace(/^effective: (\S+)$/m, (line, effective: string) => (effective.slice(0, 10) > day ? `effective: ${day}` : line));
  const checked = checkPolicy(dated);
  if (!checked.ok) throw new Error(`a policy of the invented year is not sound: ${owner} ${version}`);
  return { owner, version, hash: checked.hash, since, text: dated, document: checked.document };
}

/** What Washington's second version holds beside what its template says. Invented. */
const searches = `policy: WA
version: 1
effective: 2025-11-19
rules:
  - id: WA-12
    title: A person reviews searches of federal agencies by name or part of a plate
    hold:
      data: [name, birthDate, address, vehicleRegistration, registeredOwner]
      to: { level: federal, criminalJustice: yes }
      when: { query: [nameSearch, plateSearch] }
      unless: { warrant: courtConfirmed, court: [articleThree, federalMagistrate, stateCourt] }
      review: { by: licensingPrivacyDesk, within: 1d, onTimeout: deny }
`;

function template(name: string): string {
  const text = readTemplate(name);
  if (text === null) throw new Error(`there is no template ${name}`);
  return text;
}

function demonstrated(owner: Jurisdiction): string {
  texts ??= new Map(demoPolicies().map((policy) => [policy.owner, policy.text]));
  const text = texts.get(owner);
  if (text === undefined) throw new Error(`the demonstration has no policy of ${owner}`);
  return text;
}

let texts: ReadonlyMap<string, string> | null = null;

function without(text: string, ids: readonly string[]): string {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error('a policy of the demonstration is not sound');
  const { document } = checked;
  return printPolicy({ ...document, rules: document.rules.filter(({ id }) => !ids.includes(id)), claims: document.claims.filter(({ id }) => !ids.includes(id)) });
}
