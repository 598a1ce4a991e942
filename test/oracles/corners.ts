import { checkPolicy, type Claim, type PolicyDocument } from '../../src/policy/index.ts';

/** A claim, what the policy says beside it, and whether it holds where onward rules are honoured and where everything possible is done. */
interface Corner {
  readonly what: string;
  readonly rules: readonly string[];
  readonly onward?: readonly string[];
  readonly claim: string;
  readonly holds: readonly [honoured: boolean, possible: boolean];
}

const toDhs = 'never: { to: { department: DHS }, data: photo, by: anyPath }';
const from = (to: string) => [`release: { data: photo, to: { ${to} } }`];
const via = (kinds: string, allow: string, data = 'photo') => `data: ${data}, via: ${kinds}, allow: ${allow}`;

/** Worked out by hand from the meaning of claims: where two readings of a rare case would part, random documents seldom go. */
const corners: readonly Corner[] = [
  // What is undeclared could be anything, within the constraints.
  { what: 'of an unknown department may be DHS', rules: from('department: undeclared'), claim: 'never: { to: { department: DHS }, data: photo, by: direct }', holds: [false, false] },
  { what: 'a city of an unknown department is not DHS', rules: from('department: undeclared, level: municipal'), claim: 'never: { to: { department: DHS }, data: photo, by: direct }', holds: [true, true] },
  { what: 'one agency is not in two departments', rules: ['release: { data: photo }'], claim: 'never: { to: { department: DHS, component: FBI }, data: photo, by: direct }', holds: [true, true] },
  { what: 'of an unknown component and the department DOJ is not ICE', rules: from('department: DOJ, component: undeclared'), claim: 'never: { to: { component: ICE }, data: photo, by: direct }', holds: [true, true] },
  { what: 'yes or no is whatever stands behind what is unknown', rules: ['release: { data: photo }'], claim: 'only: { to: { sharedOri: [yes, no] }, data: photo, by: direct }', holds: [true, true] },
  { what: 'yes is not', rules: ['release: { data: photo }'], claim: 'only: { to: { sharedOri: yes }, data: photo, by: direct }', holds: [false, false] },
  { what: 'a city of an unknown department surely has none', rules: from('department: undeclared, level: municipal'), claim: 'only: { to: { department: none }, data: photo, by: direct }', holds: [true, true] },
  { what: 'of an unknown level and department surely nothing', rules: from('department: undeclared, level: undeclared'), claim: 'only: { to: { department: none }, data: photo, by: direct }', holds: [false, false] },
  { what: 'whoever has a home state is surely not federal', rules: from('level: undeclared, homeState: WA'), claim: 'only: { to: { level: [state, county, municipal, tribal, territorial, campus, special, private] }, data: photo, by: direct }', holds: [true, true] },
  { what: 'an exception applies to those who surely are', rules: from('department: undeclared, level: municipal'), claim: 'never: { to: { level: municipal }, data: photo, without: { to: { department: none } }, by: direct }', holds: [true, true] },
  { what: 'an exception does not apply to those who may be', rules: from('department: undeclared'), claim: 'never: { to: { level: [municipal, undeclared] }, data: photo, without: { to: { department: none } }, by: direct }', holds: [false, false] },
  // What a request can carry, and how far a class reaches.
  { what: 'a court is stated only with a warrant', rules: ['release: { data: photo, when: { court: articleThree } }'], claim: 'never: { to: { department: DHS }, data: photo, without: { warrant: stated }, by: direct }', holds: [true, true] },
  { what: 'a plate leads to an owner, and that to an address', rules: ['release: { data: vehicleRegistration }'], claim: 'never: { to: { department: DHS }, data: address, by: direct }', holds: [false, false] },
  { what: 'reduced it reveals nothing', rules: ['release: { data: registeredOwner, treat: { registeredOwner: county } }'], claim: 'never: { to: { department: DHS }, data: address, by: direct }', holds: [true, true] },
  { what: 'reduced it is obtained itself', rules: ['release: { data: registeredOwner, treat: { registeredOwner: county } }'], claim: 'never: { to: { department: DHS }, data: registeredOwner, by: direct }', holds: [false, false] },
  { what: 'but not in full', rules: ['release: { data: registeredOwner, treat: { registeredOwner: county } }'], claim: 'never: { to: { department: DHS }, data: registeredOwner, form: full, by: direct }', holds: [true, true] },
  { what: 'held it reveals where reviews count', rules: ['hold: { data: registeredOwner, review: { by: desk, within: 1d, onTimeout: deny } }'], claim: 'never: { to: { department: DHS }, data: address, form: full, by: direct }', holds: [false, false] },
  { what: 'held it does not where a review suffices', rules: ['hold: { data: registeredOwner, review: { by: desk, within: 1d, onTimeout: deny } }'], claim: 'never: { to: { department: DHS }, data: address, review: suffices, by: direct }', holds: [true, true] },
  // Passing on.
  { what: 'no onward rule', rules: from('level: municipal'), claim: toDhs, holds: [true, false] },
  { what: 'always along one kind', rules: from('level: municipal'), onward: [via('fusionCentre', 'always')], claim: toDhs, holds: [false, false] },
  { what: 'never beats always', rules: from('level: municipal'), onward: [via('fusionCentre', 'always'), via('fusionCentre', 'never')], claim: toDhs, holds: [true, false] },
  { what: 'the receiver must be one that is named', rules: from('level: municipal'), onward: [via('fusionCentre', '{ when: { to: { level: [county, municipal] } } }')], claim: toDhs, holds: [true, false] },
  { what: 'a receiver of whom that is sure, although it is unknown', rules: from('level: state'), onward: [via('fusionCentre', '{ when: { to: { department: none } } }')], claim: 'never: { to: { level: municipal, department: undeclared }, data: photo, by: anyPath }', holds: [false, false] },
  { what: 'papers that the claim excepts are no papers of a hop either', rules: from('level: municipal'), onward: [via('fusionCentre', '{ when: { warrant: numbered } }')], claim: 'never: { to: { department: DHS }, data: photo, without: { warrant: stated }, by: anyPath }', holds: [true, false] },
  { what: 'each hop has papers of its own', rules: ['release: { data: photo, to: { level: municipal }, when: { query: lookup } }'], onward: [via('fusionCentre', '{ when: { query: nameSearch } }')], claim: toDhs, holds: [false, false] },
  { what: 'two conditions that no hop can meet', rules: from('level: municipal'), onward: [via('fusionCentre', '{ when: { for: fraud } }'), via('fusionCentre', '{ when: { for: theft } }')], claim: toDhs, holds: [true, false] },
  { what: 'the purpose of a claim is that of every hop', rules: from('level: municipal'), onward: [via('fusionCentre', '{ when: { for: fraud } }')], claim: 'never: { to: { department: DHS }, data: photo, for: theft, by: anyPath }', holds: [true, false] },
  { what: 'what reveals it is passed on by rules of its own', rules: ['release: { data: driverHistory, to: { level: state } }'], onward: [via('taskForce', 'always', 'driverHistory')], claim: 'never: { to: { department: DHS }, data: address, by: anyPath }', holds: [false, false] },
  { what: 'what was revealed is passed on by rules of its own', rules: ['release: { data: driverHistory, to: { level: state } }'], onward: [via('taskForce', 'always', 'address')], claim: 'never: { to: { department: DHS }, data: address, by: anyPath }', holds: [false, false] },
  { what: 'what is revealed beside it makes no difference', rules: ['release: { data: driverHistory, to: { level: state } }'], onward: [via('taskForce', 'always', 'name')], claim: 'never: { to: { department: DHS }, data: address, by: anyPath }', holds: [true, false] },
  { what: 'reduced on the way it reveals nothing', rules: ['release: { data: registeredOwner, treat: { registeredOwner: state }, to: { level: state } }'], onward: [via('taskForce', 'always', '[address, registeredOwner]')], claim: 'never: { to: { department: DHS }, data: address, by: anyPath }', holds: [true, true] },
  // Two kinds of edge read the level of the giver.
  { what: 'parts of one body have one level', rules: from('level: municipal'), onward: [via('component', '{ when: { to: { level: [federal, municipal] } } }')], claim: toDhs, holds: [true, false] },
  { what: 'of an unknown level and department may be DHS and may have the level of a city; that it cannot be both is not weighed, which is the cautious side', rules: from('level: municipal'), onward: [via('component', 'always')], claim: toDhs, holds: [false, false] },
  { what: 'of an unknown level may have that level', rules: from('level: undeclared, department: none'), onward: [via('component', 'always')], claim: toDhs, holds: [false, false] },
  { what: 'to an agency of an unknown level too', rules: from('level: county'), onward: [via('component', 'always')], claim: 'never: { to: { level: undeclared, homeState: WA }, data: photo, by: anyPath }', holds: [false, false] },
  { what: 'a 287(g) agreement goes from a city to DHS', rules: from('level: municipal'), onward: [via('program287g', 'always')], claim: toDhs, holds: [false, false] },
  { what: 'not from a federal agency', rules: from('department: DOJ'), onward: [via('program287g', 'always')], claim: toDhs, holds: [true, false] },
  { what: 'but over a city', rules: from('department: DOJ'), onward: [via('program287g', 'always'), via('taskForce', '{ when: { to: { level: municipal } } }')], claim: toDhs, holds: [false, false] },
  { what: 'and not to a county', rules: from('level: municipal'), onward: [via('program287g', 'always')], claim: 'only: { to: { level: [municipal, federal, undeclared] }, data: photo, by: anyPath }', holds: [true, false] },
  { what: 'over another part of the same level', rules: from('level: state'), onward: [via('component', 'always'), via('taskForce', '{ when: { to: { department: DOJ } } }')], claim: toDhs, holds: [false, false] },
  { what: 'over a federal agency with an agreement, and on to another', rules: from('level: state'), onward: [via('component', 'always'), via('program287g', '{ when: { to: { department: TREASURY } } }')], claim: toDhs, holds: [false, false] },
];

/** The corners as documents, at an instant at which they are in force. */
export function cornerQuestions(): readonly { readonly what: string; readonly holds: Corner['holds']; readonly document: PolicyDocument; readonly claim: Claim; readonly at: Date }[] {
  return corners.map(({ what, rules, onward = [], claim, holds }) => {
    const listed = (items: readonly string[], letter: string) => items.map((item, n) => `  - { id: ZY-${letter}${n}, ${item} }\n`).join('');
    const text = `policy: ZY\nversion: 1\neffective: 2026-01-01\nrules:\n${listed(rules, 'R')}${onward.length === 0 ? '' : `onward:\n${listed(onward, 'P')}`}claims:\n${listed([claim], 'C')}`;
    const checked = checkPolicy(text);
    const [only] = checked.ok ? checked.document.claims : [];
    if (!checked.ok || only === undefined) throw new Error(`${what}: ${JSON.stringify(checked.findings)}`);
    return { what, holds, document: checked.document, claim: only, at: new Date('2026-06-01T12:00:00Z') };
  });
}
