import type { FindingCode } from './findings.ts';

/** A policy text with something wrong in it, and where the check must say so. */
export interface Sample {
  readonly code: FindingCode;
  readonly text: string;
  /** Of the first finding with the code, counted from 1. */
  readonly line: number;
  readonly column: number;
  /** What the mend must contain, where it matters. */
  readonly mend?: string;
  /** Found only by looking at every agency and request; `base` is the policy to compare with. The registry has one city police and one office of ICE. */
  readonly deep?: { readonly base?: string };
}

const head = 'policy: ZY\nversion: 1\neffective: 2026-01-01\n';
const rules = (text: string) => `${head}rules:\n  - ${text}\n`;
const name = '{ id: R, release: { data: name } }';

/** At least one for every code, so that each message is seen by the tests of the manner of messages. */
export const samples: readonly Sample[] = [
  { code: 'tooLarge', text: `# ${'x'.repeat(1_048_576)}`, line: 1, column: 1 },
  { code: 'malformed', text: 'policy: "ZY\nversion: 1\n', line: 3, column: 1 },
  { code: 'malformed', text: `${head}rules: []\n---\npolicy: ZX\n`, line: 5, column: 1 },
  { code: 'tooDeep', text: `policy: ${'['.repeat(100)}`, line: 1, column: 49 },
  { code: 'tooDeep', text: `policy: ${'- '.repeat(100)}`, line: 1, column: 47 },
  { code: 'anchor', text: `${head}rules: &all []\n`, line: 4, column: 8 },
  { code: 'anchor', text: `${head}rules: *all\n`, line: 4, column: 8 },
  { code: 'tag', text: `${head}rules: !!set {}\n`, line: 4, column: 8 },
  { code: 'directive', text: `%YAML 1.1\n---\n${head}rules: []\n`, line: 1, column: 1 },
  { code: 'duplicateKey', text: `${head}rules: []\nversion: 2\n`, line: 5, column: 1 },
  { code: 'wrongType', text: '- a\n- b\n', line: 1, column: 1 },
  { code: 'wrongType', text: `${head}rules: none\n`, line: 4, column: 8 },
  { code: 'wrongType', text: rules('{ id: 7, release: { data: name } }'), line: 5, column: 11, mend: 'quotes' },
  { code: 'wrongType', text: rules('{ id: R, release: { data: [all, photo] } }'), line: 5, column: 32, mend: 'without a list' },
  { code: 'missingKey', text: '# nothing here\n', line: 1, column: 1 },
  { code: 'missingKey', text: 'policy: ZY\nversion: 1\neffective: 2026-01-01\n', line: 1, column: 1, mend: '`rules:`' },
  { code: 'missingKey', text: rules('{ id: R, hold: { data: name } }'), line: 5, column: 20, mend: '`review:`' },
  { code: 'unknownKey', text: rules('{ id: R, release: { data: name, too: { level: state } } }'), line: 5, column: 37, mend: '`to`' },
  { code: 'unknownKey', text: rules('{ id: R, redact: { data: name } }'), line: 5, column: 14, mend: '`treat`' },
  { code: 'unknownKey', text: rules('{ id: R, deny: { data: name, expires: 2027-01-01 } }'), line: 5, column: 34, mend: 'beside `id`' },
  { code: 'unknownKey', text: rules('{ id: R, deny: { data: name, when: { for: fraud } } }'), line: 5, column: 42, mend: 'beside `data`' },
  { code: 'unknownWord', text: rules('{ id: R, deny: { data: photo, unless: { warrant: courtConfirmd } } }'), line: 5, column: 54, mend: '`courtConfirmed`' },
  { code: 'unknownWord', text: rules('{ id: R, deny: { data: photos } }'), line: 5, column: 28, mend: '`photo`' },
  { code: 'unknownWord', text: rules('{ id: R, deny: { data: name, to: { component: [ICE, HIS] } } }'), line: 5, column: 57, mend: '`HSI`' },
  { code: 'unknownWord', text: rules('{ id: R, release: { data: address, treat: { adress: county } } }'), line: 5, column: 49, mend: '`address`' },
  { code: 'badOwner', text: `policy: Zy\nversion: 1\neffective: 2026-01-01\nrules: []\n`, line: 1, column: 9 },
  { code: 'badOwner', text: `policy: NL\nversion: 1\neffective: 2026-01-01\nrules: []\n`, line: 1, column: 9 },
  { code: 'badVersion', text: `policy: ZY\nversion: 1.5\neffective: 2026-01-01\nrules: []\n`, line: 2, column: 10 },
  { code: 'badId', text: rules('{ id: "R 1", release: { data: name } }'), line: 5, column: 11 },
  { code: 'badDate', text: `policy: ZY\nversion: 1\neffective: 2026-02-30\nrules: []\n`, line: 3, column: 12 },
  { code: 'badDuration', text: rules('{ id: R, hold: { data: name, review: { by: desk, within: 4 hours, onTimeout: deny } } }'), line: 5, column: 62 },
  { code: 'badLimit', text: `${rules(name)}limits:\n  - { id: L, data: name, per: agency, max: 50 a day, beyond: deny }\n`, line: 7, column: 44 },
  { code: 'badText', text: rules('{ id: R, title: "a\\u001b[31m", release: { data: name } }'), line: 5, column: 21 },
  { code: 'tooMany', text: `${head}cites: [${Array.from({ length: 51 }, (_, n) => `c${n}`).join(', ')}]\nrules: []\n`, line: 4, column: 8 },
  { code: 'emptyList', text: rules('{ id: R, release: { data: [] } }'), line: 5, column: 31 },
  { code: 'emptyCondition', text: rules('{ id: R, deny: { data: name, unless: {} } }'), line: 5, column: 42 },
  { code: 'emptyCondition', text: rules('{ id: R, deny: { data: name, to: {} } }'), line: 5, column: 38 },
  { code: 'oneOutcome', text: rules('{ id: R }'), line: 5, column: 5 },
  { code: 'oneOutcome', text: rules('{ id: R, deny: { data: name }, release: { data: name } }'), line: 5, column: 5 },
  { code: 'repeatedId', text: `${rules(name)}  - ${name}\n`, line: 6, column: 11 },
  { code: 'treatmentNotValid', text: rules('{ id: R, release: { data: photo, treat: { photo: county } } }'), line: 5, column: 54, mend: '`reduced`' },
  { code: 'treatmentNotValid', text: rules('{ id: R, release: { data: medical, treat: { medical: reduced } } }'), line: 5, column: 58, mend: 'no reduced form' },
  { code: 'treatmentNotReleased', text: rules('{ id: R, release: { data: name, treat: { photo: reduced } } }'), line: 5, column: 46 },
  { code: 'afterwardsNotEmergency', text: rules('{ id: R, release: { data: name, for: [emergency, fraud], afterwards: { by: desk, within: 1d } } }'), line: 5, column: 74, mend: '`for: [emergency]`' },
  { code: 'reviewNotHeld', text: `${rules(name)}limits:\n  - { id: L, data: name, per: owner, max: 5/day, beyond: deny, review: { by: desk, within: 1h, onTimeout: deny } }\n`, line: 7, column: 72 },
  { code: 'expiresFirst', text: rules('{ id: R, effective: 2026-06-02, expires: 2026-06-01, release: { data: name } }'), line: 5, column: 37 },
  { code: 'unknownOwner', text: rules(name), line: 1, column: 9 },
  { code: 'repeatedWord', text: rules('{ id: R, release: { data: [name, name] } }'), line: 5, column: 38 },
  { code: 'openHighlyRestricted', text: rules('{ id: R, release: { data: [name, photo], to: { criminalJustice: yes } } }'), line: 5, column: 25 },
  { code: 'givenByInference', text: `${rules('{ id: R, release: { data: [address, driverHistory] } }')}  - { id: D, deny: { data: address, to: { component: ICE } } }\n`, line: 6, column: 22, mend: '`driverHistory`' },
  { code: 'matchesNobody', text: rules('{ id: R, deny: { data: name, to: { department: DHS, level: county } } }'), line: 5, column: 34 },
  { code: 'matchesNobody', text: rules('{ id: R, deny: { data: name, to: { level: federal, program287g: jail } } }'), line: 5, column: 34 },
  { code: 'alwaysHolds', text: rules('{ id: R, release: { data: name, when: { warrant: none } } }'), line: 5, column: 45 },
  { code: 'neverMatches', text: rules('{ id: R, deny: { data: name, unless: { warrant: none } } }'), line: 5, column: 34 },
  { code: 'neverMatches', text: rules('{ id: R, expires: 2025-12-31, deny: { data: name } }'), line: 5, column: 5 },
  { code: 'noRules', text: `${head}rules: []\n`, line: 4, column: 1 },
  { code: 'noExpiry', text: rules(name), line: 5, column: 5 },
  { code: 'defaultReview', text: `${rules(name)}limits:\n  - { id: L, data: name, per: agency, max: 5/day, beyond: hold }\n`, line: 7, column: 5, mend: '`review:`' },
  { code: 'shadowed', text: `${rules(name)}  - { id: D, deny: { data: name } }\n`, line: 5, column: 5, mend: '`D`', deep: {} },
  { code: 'matchesEverybody', text: rules(name), line: 5, column: 5, mend: '`to:`', deep: {} },
  { code: 'contradictsClaim', text: `${rules(name)}claims:\n  - { id: C, never: { to: { component: ICE }, data: name, by: direct } }\n`, line: 5, column: 5, deep: {} },
  { code: 'widensAccess', text: rules(name), line: 5, column: 5, deep: { base: `${head}rules: []\n` } },
  { code: 'changesNothing', text: rules('{ id: D, deny: { data: name } }'), line: 5, column: 5, deep: {} },
  { code: 'matchesNobodyNow', text: rules('{ id: R, release: { data: name, to: { level: tribal } } }'), line: 5, column: 37, deep: {} },
  { code: 'findingsCut', text: rules(`{ id: R, release: { data: [${Array.from({ length: 300 }, () => 'x').join(', ')}] } }`), line: 6, column: 1 },
];
