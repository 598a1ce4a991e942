import { describe, expect, it } from 'vitest';
import { emptyExtension, type Inquiry, type RecordData, type Subject } from '../model/index.ts';
import { marksOf, userName } from './marks.ts';
import type { AskingUser, Sealer } from './ports.ts';

/** Tags that show what they were made of, so that a test sees it. */
const sealer: Sealer = { tag: (owner, subject: Subject | AskingUser) => `${owner} ${JSON.stringify(subject)}`, seal: () => '' };
const inquiry = (subject: Subject, user: string | null): Inquiry => ({
  key: 'DQ', requester: 'ZY5010100', destinations: ['ZY'], control: null, subject, image: null, reason: null, legacyPurpose: null, attention: null, extension: { ...emptyExtension, user },
});
const named = (surname: string, given: string): Subject => ({ kind: 'person', name: { surname, given, middle: 'Q' }, birthDate: '1980-01-01', sex: 'F' });
const plate: Subject = { kind: 'plate', plate: 'ABC123', plateYear: null, plateType: null };
const owned = (surname: string, given: string): RecordData => ({ registeredOwner: { name: { surname, given, middle: '' } } });

describe('the name in what an agency writes for a user', () => {
  it.each([
    ['Hollow, Tamsin', 'HOLLOW', 'TAMSIN'], ['Tamsin Hollow', 'HOLLOW', 'TAMSIN'], ['SGT. T. HOLLOW 4711', 'HOLLOW', 'T'], ['van der Hollow, Tamsin Q', 'VAN DER HOLLOW', 'TAMSIN'], ["Tamsin O'Hollow-Reed", "O'HOLLOW-REED", 'TAMSIN'],
  ])('%s', (text, surname, given) => expect(userName(text)).toEqual({ surname, given, middle: '' }));

  it.each(['4711', 'thollow', 'T4711', '', ',', 'Hollow,', 'SGT 12', ', Tamsin'])('%s is none', (text) => expect(userName(text)).toBeNull());
});

describe('the marks of an entry', () => {
  it('knows who looks themselves up, and who looks up the family', () => {
    expect(marksOf(sealer, 'ZY', inquiry(named('HOLLOW', 'TAMSIN'), 'Tamsin Hollow'), [])).toMatchObject({ self: true, sameSurname: true, sex: 'F' });
    expect(marksOf(sealer, 'ZY', inquiry(named('HOLLOW', 'BRAM'), 'Tamsin Hollow'), [])).toMatchObject({ self: false, sameSurname: true });
    expect(marksOf(sealer, 'ZY', inquiry(named('REED', 'TAMSIN'), 'Tamsin Hollow'), [])).toMatchObject({ self: false, sameSurname: false });
  });

  it('does not take an initial for a name', () => {
    expect(marksOf(sealer, 'ZY', inquiry(named('HOLLOW', 'TAMSIN'), 'T Hollow'), [])).toMatchObject({ self: null, sameSurname: true });
    expect(marksOf(sealer, 'ZY', inquiry(named('HOLLOW', 'TAMSIN'), 'B Hollow'), [])).toMatchObject({ self: false });
    expect(marksOf(sealer, 'ZY', inquiry({ kind: 'name', name: { surname: 'HOLLOW', given: '', middle: '' } }, 'Tamsin Hollow'), [])).toMatchObject({ self: null, subjectName: null });
  });

  it('gives a user and a person asked about the same tag for the same name, so that a look-up of a colleague can be found', () => {
    const found = marksOf(sealer, 'ZY', inquiry(named('HOLLOW', 'TAMSIN'), 'Hollow, Tamsin'), []);
    expect(found?.userName).toBe(found?.subjectName);
    expect(found?.userName).not.toBeNull();
    expect(found?.user).not.toBe(found?.userName);
  });

  it('reads the name of a single record that was given, and of no other', () => {
    expect(marksOf(sealer, 'ZY', inquiry(plate, 'Tamsin Hollow'), [owned('Hollow', 'Tamsin')])).toMatchObject({ self: true });
    expect(marksOf(sealer, 'ZY', inquiry(plate, 'Tamsin Hollow'), [owned('Hollow', 'Tamsin'), owned('Hollow', 'Bram')])).toMatchObject({ self: null, subjectName: null });
    expect(marksOf(sealer, 'ZY', inquiry(plate, 'Tamsin Hollow'), [{}])).toMatchObject({ self: null });
  });

  it('says nothing that is not known', () => {
    expect(marksOf(sealer, 'ZY', inquiry(plate, null), [])).toBeNull();
    expect(marksOf(sealer, 'ZY', inquiry(plate, '4711'), [owned('H', 'T')])).toMatchObject({ userName: null, self: null, sameSurname: null, subjectName: null });
  });

  it('counts the same number at two agencies as two users', () => {
    const other = { ...inquiry(plate, '4711'), requester: 'ZY5010200' };
    expect(marksOf(sealer, 'ZY', inquiry(plate, '4711'), [])?.user).not.toBe(marksOf(sealer, 'ZY', other, [])?.user);
  });
});
