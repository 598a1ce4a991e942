import { describe, expect, it } from 'vitest';

import { ScimError } from './errors.ts';
import { readFilter, testOf } from './filter.ts';
import { patched } from './patch.ts';
import { project, readResource, type Resource } from './resource.ts';
import { enterpriseUrn, groupKind, justiceUrn, userKind, userUrn } from './schema.ts';

const robin: Resource = {
  userName: 'robin@example.org', externalId: 'r-1', displayName: 'Robin Invented', name: { givenName: 'Robin', familyName: 'Invented' }, active: true,
  emails: [{ value: 'robin@example.org', type: 'work', primary: true }, { value: 'robin@home.example.org', type: 'home' }], [enterpriseUrn]: { employeeNumber: '4711' }, [justiceUrn]: { sworn: true, employerOri: 'ZZ0000101' },
};

function typeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ScimError) return `${error.status} ${error.scimType ?? ''}`.trim();
    throw error;
  }
  return 'taken';
}

const change = (...Operations: readonly object[]): Resource => patched(userKind, robin, { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations });

describe('a filter', () => {
  const holds = (filter: string): boolean => testOf(userKind, readFilter(filter))(robin);

  it.each([
    'userName eq "ROBIN@example.org"', 'username Eq "robin@example.org"', 'externalId eq "r-1"', 'name.familyName co "vent"', 'displayName sw "rob"', 'title pr or active eq true', 'not (title pr)', 'emails[type eq "home" and value ew "home.example.org"]',
    'emails.value eq "robin@home.example.org"', 'emails co "home"', `${enterpriseUrn}:employeeNumber eq "4711"`, `${justiceUrn}:sworn eq true`, `${userUrn}:userName pr`, 'userName ne "kim"', 'active eq "True"', 'userName gt "a" and userName lt "z"',
  ])('holds: %s', (filter) => expect(holds(filter)).toBe(true));

  it.each([
    'userName eq "robin"', 'externalId eq "R-1"', 'title pr', 'active eq false', 'emails[type eq "home" and value co "@example"]', 'userName eq "robin@example.org" and externalId eq "2"', `${justiceUrn}:sworn eq false`, 'not (userName pr)', 'userName ne "ROBIN@example.org"',
  ])('does not hold: %s', (filter) => expect(holds(filter)).toBe(false));

  it.each(['userName', 'userName eq', 'userName eq "a" and', '(userName pr', 'userName is "a"', 'shoeSize eq "9"', 'name.shoe eq "9"', 'emails[shoe eq "1"]', `"${'\n'.repeat(40)}`, `userName eq "${'x'.repeat(1_000)}"`, '('.repeat(900), ''])('is refused: %s', (filter) => {
    expect(typeOf(() => holds(filter))).toBe('400 invalidFilter');
  });
});

describe('a change', () => {
  it('adds, replaces and removes by a path', () => {
    expect(change({ op: 'replace', path: 'displayName', value: 'R. Invented' })['displayName']).toBe('R. Invented');
    expect(change({ op: 'remove', path: 'displayName' })['displayName']).toBeUndefined();
    expect(change({ op: 'replace', path: 'name.givenName', value: 'Robyn' })['name']).toEqual({ givenName: 'Robyn', familyName: 'Invented' });
    expect(change({ op: 'replace', path: 'name', value: { givenName: 'Robyn' } })['name']).toEqual({ givenName: 'Robyn', familyName: 'Invented' });
    expect(change({ op: 'replace', path: 'emails[type eq "work"].value', value: 'new@example.org' })['emails']).toEqual([{ value: 'new@example.org', type: 'work', primary: true }, { value: 'robin@home.example.org', type: 'home' }]);
    expect(change({ op: 'remove', path: 'emails[type eq "home"]' })['emails']).toEqual([{ value: 'robin@example.org', type: 'work', primary: true }]);
    expect(change({ op: 'remove', path: 'emails' })['emails']).toBeUndefined();
    expect(change({ op: 'add', path: 'emails', value: [{ value: 'x@example.org', type: 'other' }, { value: 'robin@example.org', type: 'work' }] })['emails']).toHaveLength(3);
    expect(change({ op: 'replace', path: `${enterpriseUrn}:employeeNumber`, value: '12' })[enterpriseUrn]).toEqual({ employeeNumber: '12' });
    expect(change({ op: 'remove', path: `${enterpriseUrn}:employeeNumber` })[enterpriseUrn]).toBeUndefined();
    expect(change({ op: 'remove', path: justiceUrn })[justiceUrn]).toBeUndefined();
    expect(robin['displayName']).toBe('Robin Invented');
  });

  it('takes the dialect of a large directory', () => {
    expect(change({ op: 'Replace', path: 'active', value: 'False' })['active']).toBe(false);
    const whole = change({ op: 'Add', value: { active: 'True', 'name.givenName': 'Robyn', [`${enterpriseUrn}:department`]: 'Records', [justiceUrn]: { sworn: 'False' }, id: 'x', schemas: ['y'], 'urn:unknown:User:shoe': '9', shoe: '9' } });
    expect(whole).toMatchObject({ active: true, name: { givenName: 'Robyn' }, [enterpriseUrn]: { employeeNumber: '4711', department: 'Records' }, [justiceUrn]: { sworn: false, employerOri: 'ZZ0000101' } });
    expect(JSON.stringify(whole)).not.toMatch(/shoe|"id"|"schemas"/);
    expect(change({ op: 'Add', path: 'emails[type eq "other"].value', value: 'o@example.org' })['emails']).toContainEqual({ type: 'other', value: 'o@example.org' });
    const group: Resource = { displayName: 'G', members: [{ value: 'a' }, { value: 'b' }] };
    expect(patched(groupKind, group, { Operations: [{ op: 'Remove', path: 'members', value: [{ value: 'a' }] }] })['members']).toEqual([{ value: 'b' }]);
    expect(patched(groupKind, group, { Operations: [{ op: 'remove', path: 'members[value eq "a"]' }] })['members']).toEqual([{ value: 'b' }]);
    expect(patched(groupKind, group, { Operations: [{ op: 'Add', path: 'members', value: [{ value: 'b' }, { value: 'c' }] }] })['members']).toEqual([{ value: 'a' }, { value: 'b' }, { value: 'c' }]);
  });

  it.each([
    [{ op: 'remove' }, '400 noTarget'], [{ op: 'replace', path: 'emails[type eq "fax"].value', value: 'x' }, '400 noTarget'], [{ op: 'move', path: 'title', value: 'x' }, '400 invalidSyntax'], [{ op: 'replace', path: 'id', value: 'x' }, '400 mutability'],
    [{ op: 'add', path: 'groups', value: [{ value: 'x' }] }, '400 mutability'], [{ op: 'replace', path: 'shoeSize', value: '9' }, '400 invalidPath'], [{ op: 'replace', path: 'a b', value: '9' }, '400 invalidPath'], [{ op: 'replace', path: 7, value: '9' }, '400 invalidPath'],
    [{ op: 'replace', path: 'title[type eq "x"]', value: '9' }, '400 invalidPath'], [{ op: 'replace', path: 'emails[type eq]', value: '9' }, '400 invalidFilter'], [{ op: 'remove', path: 'userName' }, '400 invalidValue'], [{ op: 'replace', path: 'active', value: 'perhaps' }, '400 invalidValue'],
    [{ op: 'replace', path: 'title', value: { a: 1 } }, '400 invalidValue'], [{ op: 'replace', path: 'title', value: 'a\nb' }, '400 invalidValue'], [{ op: 'replace', value: 'x' }, '400 invalidValue'], [{ op: 'replace', path: '__proto__', value: { active: true } }, '400 invalidPath'], ['x', '400 invalidSyntax'],
  ] as const)('is refused: %j', (operation, type) => expect(typeOf(() => change(operation as object))).toBe(type));

  it('is all or nothing', () => {
    expect(typeOf(() => change({ op: 'replace', path: 'title', value: 'x' }, { op: 'remove' }))).toBe('400 noTarget');
    expect(robin['title']).toBeUndefined();
    expect(typeOf(() => patched(userKind, robin, { Operations: [] }))).toBe('400 invalidSyntax');
    expect(typeOf(() => patched(userKind, robin, null))).toBe('400 invalidSyntax');
  });
});

describe('a resource', () => {
  it('keeps what the tables know, under their names', () => {
    expect(readResource(userKind, { SCHEMAS: [], schemas: [userUrn.toUpperCase()], USERNAME: 'kim', password: 'hunter2', groups: [{ value: 'g' }], id: 'x', meta: {}, emails: { value: 'k@example.org' }, title: null, roles: [1], [enterpriseUrn.toUpperCase()]: { EmployeeNumber: 12, manager: { value: 'x' } } }))
      .toEqual({ userName: 'kim', emails: [{ value: 'k@example.org' }], [enterpriseUrn]: { employeeNumber: '12' } });
  });

  it.each([[null, '400 invalidSyntax'], [[], '400 invalidSyntax'], [{ userName: 'kim' }, '400 invalidSyntax'], [{ schemas: [userUrn] }, '400 invalidValue'], [{ schemas: [userUrn], userName: ' ' }, '400 invalidValue'], [{ schemas: [userUrn], userName: 'kim', name: 'Kim' }, '400 invalidValue'],
    [{ schemas: [userUrn], userName: 'x'.repeat(1_001) }, '400 invalidValue'], [{ schemas: [userUrn], userName: 'kim', emails: Array.from({ length: 5_001 }, (_one, i) => ({ value: `${i}@example.org` })) }, '400 tooMany']] as const)('is refused: %#', (body, type) => {
    expect(typeOf(() => readResource(userKind, body))).toBe(type);
  });

  it('shows the parts that were asked for', () => {
    const shown = { schemas: [userUrn], id: '1', ...robin };
    expect(Object.keys(project(shown, 'userName,name.givenName', null)).sort()).toEqual(['id', 'name', 'schemas', 'userName']);
    expect(Object.keys(project(shown, null, `emails,${enterpriseUrn}:employeeNumber,id`))).not.toContain(enterpriseUrn);
    expect(project(shown, null, 'emails,id')['id']).toBe('1');
  });
});
