import { noEvidence, undeclaredAttributes, type DataClass, type RequesterAttributes } from '../vocabulary/index.ts';
import type { ClassDecision, DecisionInput } from '../model/index.ts';

/** One request and what must be decided on it. Every engine that decides runs the same cases. */
export interface PolicyCase {
  readonly name: string;
  /** The rules, as YAML below `rules:`, or a whole document where it begins with `policy:`. */
  readonly text: string;
  readonly input: DecisionInput;
  /** The instant of the request. */
  readonly at: string;
  readonly expected: Readonly<Partial<Record<DataClass, Partial<ClassDecision>>>>;
  /** The ids of the duties to notify. */
  readonly duties?: readonly string[];
}

/** A city police of which everything is known. */
export const police: RequesterAttributes = {
  ...undeclaredAttributes, level: 'municipal', department: 'none', component: ['none'], homeState: 'WA', mission: ['generalPolice'], program287g: ['none'],
  taskForce: ['none'], certified: ['none'], audit: 'passed', criminalJustice: 'yes', sharedOri: 'no', vendorHosted: 'no',
};

/** An office of ICE. */
export const immigration: RequesterAttributes = {
  ...police, level: 'federal', department: 'DHS', component: ['ICE', 'ERO'], homeState: 'none', mission: ['immigrationEnforcement'],
};

/** The document of a case: a head is put before bare rules. */
export function caseText({ text }: Pick<PolicyCase, 'text'>): string {
  return text.startsWith('policy:') ? text : `policy: ZY\nversion: 1\neffective: 2026-01-01\nrules:\n${text}`;
}

const release = '  - { id: R, release: { data: all } }\n';
const review = 'review: { by: privacyDesk, within: 4h, onTimeout: deny }';
const noon = '2026-06-01T12:00:00Z';

const ask = (changes: Partial<DecisionInput> = {}): DecisionInput => ({
  requester: police, purpose: 'criminalInvestigation', evidence: noEvidence, kind: 'lookup', classes: ['name', 'address', 'photo'], ...changes,
});

const warrant = (grade: DecisionInput['evidence']['warrant'], court: DecisionInput['evidence']['court'] = 'notStated') => ask({ requester: immigration, evidence: { ...noEvidence, warrant: grade, court } });

const judged = `${release}  - { id: D, deny: { data: photo, to: { mission: immigrationEnforcement }, unless: { warrant: courtConfirmed, court: [articleThree, stateCourt] } } }`;

/** Requests and their decisions: the meaning of the language by example. */
export const policyCases: readonly PolicyCase[] = [
  { name: 'nothing matches: deny, by no rule', text: '  - { id: R, release: { data: name } }', input: ask(), at: noon, expected: { name: { outcome: 'release', rules: ['R'] }, photo: { outcome: 'deny', rules: [], treatment: null, review: null } } },
  { name: 'all names every class', text: release, input: ask({ classes: ['ssn', 'medical', 'registeredOwner'] }), at: noon, expected: { ssn: { outcome: 'release' }, medical: { outcome: 'release' }, registeredOwner: { outcome: 'release' } } },
  { name: 'deny beats hold, redact and release', text: `${release}  - { id: T, release: { data: photo, treat: { photo: reduced } } }\n  - { id: H, hold: { data: photo, ${review} } }\n  - { id: D, deny: { data: photo } }`, input: ask(), at: noon, expected: { photo: { outcome: 'deny', rules: ['D'], treatment: null, review: null }, name: { outcome: 'release', rules: ['R'] } } },
  { name: 'hold beats redact and release', text: `${release}  - { id: H, hold: { data: photo, ${review} } }\n  - { id: T, release: { data: photo, treat: { photo: reduced } } }`, input: ask(), at: noon, expected: { photo: { outcome: 'hold', rules: ['H'], treatment: null, review: { by: 'privacyDesk', withinSeconds: 14_400, onTimeout: 'deny' } } } },
  { name: 'redact beats release', text: `${release}  - { id: T, release: { data: [name, photo], treat: { photo: reduced } } }`, input: ask(), at: noon, expected: { photo: { outcome: 'redact', rules: ['T'], treatment: 'reduced' }, name: { outcome: 'release', rules: ['R', 'T'], treatment: null } } },
  { name: 'redactions compose to the coarser, and all that redact are named', text: '  - { id: B, release: { data: address, treat: { address: state } } }\n  - { id: A, release: { data: address, treat: { address: county } } }', input: ask(), at: noon, expected: { address: { outcome: 'redact', rules: ['A', 'B'], treatment: 'state' } } },
  { name: 'whichever of them comes first', text: '  - { id: A, release: { data: address, treat: { address: county } } }\n  - { id: B, release: { data: address, treat: { address: state } } }', input: ask(), at: noon, expected: { address: { outcome: 'redact', rules: ['A', 'B'], treatment: 'state' } } },
  { name: 'of two reviews that refuse in the end the shorter', text: '  - { id: A, hold: { data: name, review: { by: slow, within: 3d, onTimeout: deny } } }\n  - { id: B, hold: { data: name, review: { by: quick, within: 2h, onTimeout: deny } } }', input: ask(), at: noon, expected: { name: { outcome: 'hold', rules: ['A', 'B'], review: { by: 'quick', withinSeconds: 7_200, onTimeout: 'deny' } } } },
  { name: 'a review that refuses in the end beats one that releases', text: '  - { id: A, hold: { data: name, review: { by: open, within: 1h, onTimeout: release } } }\n  - { id: B, hold: { data: name, review: { by: shut, within: 1d, onTimeout: deny } } }', input: ask(), at: noon, expected: { name: { review: { by: 'shut', withinSeconds: 86_400, onTimeout: 'deny' } } } },
  { name: 'of two reviews that release in the end the longer', text: '  - { id: A, hold: { data: name, review: { by: quick, within: 1h, onTimeout: release } } }\n  - { id: B, hold: { data: name, review: { by: slow, within: 1d, onTimeout: release } } }', input: ask(), at: noon, expected: { name: { review: { by: 'slow', withinSeconds: 86_400, onTimeout: 'release' } } } },
  { name: 'a list of words means any of them', text: '  - { id: R, release: { data: name, to: { level: [county, municipal] } } }', input: ask(), at: noon, expected: { name: { outcome: 'release' } } },
  { name: 'several attributes mean all of them', text: '  - { id: R, release: { data: name, to: { level: municipal, homeState: OR } } }', input: ask(), at: noon, expected: { name: { outcome: 'deny' } } },
  { name: 'an attribute with several words matches by any of them', text: '  - { id: R, release: { data: name, to: { component: ICE } } }', input: ask({ requester: immigration }), at: noon, expected: { name: { outcome: 'release' } } },
  { name: 'undeclared is a word of its own and matches no other', text: `${release}  - { id: D, deny: { data: photo, to: { program287g: [taskForce, jail] } } }\n  - { id: U, deny: { data: address, to: { program287g: undeclared } } }`, input: ask({ requester: { ...police, program287g: ['undeclared'] } }), at: noon, expected: { photo: { outcome: 'release' }, address: { outcome: 'deny', rules: ['U'] } } },
  { name: 'a purpose that is not named does not match', text: '  - { id: R, release: { data: name, for: [emergency, officerSafety] } }', input: ask({ purpose: 'notStated' }), at: noon, expected: { name: { outcome: 'deny', rules: [] } } },
  { name: 'a purpose that is not stated can be denied', text: `${release}  - { id: D, deny: { data: all, for: notStated } }`, input: ask({ purpose: 'notStated' }), at: noon, expected: { name: { outcome: 'deny', rules: ['D'] } } },
  { name: 'an exception that holds takes the rule away', text: judged, input: warrant('courtConfirmed', 'articleThree'), at: noon, expected: { photo: { outcome: 'release', rules: ['R'] } } },
  { name: 'a weaker grade is no exception', text: judged, input: warrant('documentHash', 'articleThree'), at: noon, expected: { photo: { outcome: 'deny', rules: ['D'] } } },
  { name: 'another court is no exception', text: judged, input: warrant('courtConfirmed', 'administrative'), at: noon, expected: { photo: { outcome: 'deny', rules: ['D'] } } },
  { name: 'a court that is not stated is no exception', text: judged, input: warrant('courtConfirmed'), at: noon, expected: { photo: { outcome: 'deny', rules: ['D'] } } },
  { name: 'a stronger grade than asked for will do', text: '  - { id: R, release: { data: photo, when: { warrant: numbered } } }', input: warrant('courtConfirmed'), at: noon, expected: { photo: { outcome: 'release', rules: ['R'] } } },
  { name: 'of several exceptions one is enough', text: `${release}  - { id: D, deny: { data: photo, unless: [{ warrant: courtConfirmed }, { for: criminalInvestigation }] } }`, input: ask(), at: noon, expected: { photo: { outcome: 'release' } } },
  { name: 'all parts of one exception must hold', text: `${release}  - { id: D, deny: { data: photo, unless: { caseNumber: numbered, for: criminalInvestigation } } }`, input: ask(), at: noon, expected: { photo: { outcome: 'deny', rules: ['D'] } } },
  { name: 'an exception may ask who it is', text: `${release}  - { id: D, deny: { data: photo, unless: { to: { certified: noCivilImmigrationUse } } } }`, input: ask({ requester: { ...police, certified: ['noRedisclosure', 'noCivilImmigrationUse'] } }), at: noon, expected: { photo: { outcome: 'release' } } },
  { name: 'a case number by its grade', text: '  - { id: R, release: { data: name, when: { caseNumber: numbered } } }', input: ask({ evidence: { ...noEvidence, caseNumber: 'stated' } }), at: noon, expected: { name: { outcome: 'deny' } } },
  { name: 'a search by name can be treated apart', text: `${release}  - { id: T, release: { data: address, treat: { address: county }, when: { query: [nameSearch, plateSearch] } } }`, input: ask({ kind: 'nameSearch' }), at: noon, expected: { address: { outcome: 'redact', treatment: 'county', rules: ['T'] }, name: { outcome: 'release' } } },
  { name: 'and a look-up is left as it was', text: `${release}  - { id: T, release: { data: address, treat: { address: county }, when: { query: [nameSearch, plateSearch] } } }`, input: ask(), at: noon, expected: { address: { outcome: 'release', treatment: null, rules: ['R'] } } },
  { name: 'a rule is in force on its first day', text: `${release}  - { id: D, effective: 2026-06-01, deny: { data: name } }`, input: ask(), at: '2026-06-01T00:00:00.000Z', expected: { name: { outcome: 'deny', rules: ['D'] } } },
  { name: 'and not a millisecond before', text: `${release}  - { id: D, effective: 2026-06-01, deny: { data: name } }`, input: ask(), at: '2026-05-31T23:59:59.999Z', expected: { name: { outcome: 'release' } } },
  { name: 'a rule is in force to the end of its last day', text: '  - { id: R, expires: 2026-06-01, release: { data: name } }', input: ask(), at: '2026-06-01T23:59:59.999Z', expected: { name: { outcome: 'release' } } },
  { name: 'and not after', text: '  - { id: R, expires: 2026-06-01, release: { data: name } }', input: ask(), at: '2026-06-02T00:00:00.000Z', expected: { name: { outcome: 'deny', rules: [] } } },
  { name: 'a policy that is not yet in force refuses everything and notifies nobody', text: `policy: ZY\nversion: 1\neffective: 2027-01-01\nrules:\n${release}notify:\n  - { id: N, who: owner, within: 1d }\n`, input: ask(), at: noon, expected: { name: { outcome: 'deny', rules: [] } }, duties: [] },
  { name: 'a policy that has expired refuses everything', text: `policy: ZY\nversion: 1\neffective: 2026-01-01\nexpires: 2026-05-31\nrules:\n${release}`, input: ask(), at: noon, expected: { name: { outcome: 'deny', rules: [] } } },
  {
    name: 'duties are united, whatever the outcome', input: ask({ requester: immigration }), at: noon, expected: { name: { outcome: 'deny' } }, duties: ['N1', 'N2'],
    text: 'policy: ZY\nversion: 1\neffective: 2026-01-01\nrules: []\nnotify:\n  - { id: N2, who: owner, within: 1d }\n  - { id: N1, when: { to: { mission: immigrationEnforcement } }, who: subject, within: 3d }\n  - { id: N3, data: ssn, who: owner, within: 1d }\n  - { id: N4, unless: { for: criminalInvestigation }, who: owner, within: 1d }\n',
  },
];
