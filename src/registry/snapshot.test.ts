import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allJurisdictions, brokenConstraints, type RequesterAttributes } from '../vocabulary/index.ts';
import { affiliation, certification, office, organisation, smallContent, soundContent, withRows } from './cases.ts';
import { checkContent } from './check.ts';
import { dayOfText } from './days.ts';
import { attributesOn } from './derive.ts';
import type { RegistryContent } from './model.ts';
import { createSnapshot } from './snapshot.ts';

const on = (date: string): Date => new Date(`${date}T12:00:00Z`);
const of = (content: RegistryContent, ori: string, owner = 'CO', date = '2025-06-01'): RequesterAttributes => {
  const requester = createSnapshot(content, 1, 'h').requester(ori);
  if (requester === null) throw new Error('no such requester');
  return requester.attributes(owner, on(date));
};

describe('attributes by inheritance', () => {
  it('a part has its own component and those above, and takes the rest from its parents', () => {
    expect(of(smallContent, 'TXHSI0001')).toEqual({
      level: 'federal', department: 'DHS', component: ['HSI', 'ICE'], homeState: 'none', mission: ['criminalInvestigation', 'immigrationEnforcement'],
      program287g: ['none'], taskForce: ['none'], certified: ['none'], audit: 'passed', criminalJustice: 'yes', sharedOri: 'no', vendorHosted: 'no',
    });
  });

  it('the letters of an ORI say nothing: an office of ICE in Colorado has no home state', () => {
    expect(of(smallContent, 'COICE0001').homeState).toBe('none');
    expect(of(smallContent, 'COZZ00100').homeState).toBe('CO');
  });

  it('what nobody declared is undeclared, and only below the federal level is there no department', () => {
    const content = withRows({ organisations: [organisation('a'), organisation('b', { level: 'federal' }), organisation('c', { level: 'county' })], offices: [office('ZZ0000001', 'a'), office('ZZ0000002', 'b'), office('ZZ0000003', 'c')] });
    expect(of(content, 'ZZ0000001')).toMatchObject({ level: 'undeclared', department: 'undeclared', component: ['undeclared'], homeState: 'undeclared', mission: ['undeclared'], audit: 'undeclared', criminalJustice: 'undeclared' });
    expect(of(content, 'ZZ0000002')).toMatchObject({ department: 'undeclared', component: ['undeclared'], homeState: 'none' });
    expect(of(content, 'ZZ0000003')).toMatchObject({ department: 'none', component: ['none'], homeState: 'undeclared' });
  });
});

describe('attributes from edges', () => {
  const agreement = affiliation('program287g', 'co/juniper', 'us/dhs/ice', { detail: 'jail', since: '2025-02-01', until: '2025-08-31' });

  it.each([
    ['2025-01-31', ['none']], ['2025-02-01', ['jail']], ['2025-08-31', ['jail']], ['2025-09-01', ['none']],
  ])('an agreement is in force from its first to its last day: %s', (date, expected) => {
    expect(of(withRows({ affiliations: [agreement] }), 'COZZ00200', 'CO', date).program287g).toEqual(expected);
  });

  it('an unconfirmed edge makes the attribute undeclared, never none', () => {
    const content = withRows({ affiliations: [
      { ...agreement, confirmed: false }, affiliation('taskForce', 'us/dhs/ice', 'co/juniper', { detail: 'gangs', confirmed: false }),
      affiliation('sharedOri', 'co/juniper', 'co/springfield', { confirmed: false }), affiliation('vendorHosting', 'co/juniper', 'hosting', { confirmed: false }),
    ] });
    expect(of(content, 'COZZ00200')).toMatchObject({ program287g: ['undeclared'], taskForce: ['undeclared'], sharedOri: 'undeclared', vendorHosted: 'undeclared' });
  });

  it('a suggestion never hides a fact', () => {
    const content = withRows({ affiliations: [agreement, { ...agreement, detail: 'taskForce', confirmed: false }] });
    expect(of(content, 'COZZ00200').program287g).toEqual(['jail']);
  });

  it('an edge that does not say of what kind it is counts as undeclared', () => {
    expect(of(withRows({ affiliations: [{ ...agreement, detail: null }] }), 'COZZ00200').program287g).toEqual(['undeclared']);
  });

  it('both ends of a task force, a shared ORI and a hosted system have it', () => {
    const content = withRows({ affiliations: [
      affiliation('taskForce', 'co/juniper', 'co/springfield', { detail: 'drugs' }), affiliation('sharedOri', 'co/juniper', 'co/springfield'),
      affiliation('vendorHosting', 'co/springfield', 'co/juniper'),
    ] });
    for (const ori of ['COZZ00100', 'COZZ00200']) expect(of(content, ori)).toMatchObject({ taskForce: ['drugs'], sharedOri: 'yes', vendorHosted: 'yes' });
  });

  it('an edge of the whole holds for its part of the same level, and for no other level', () => {
    const content = withRows({ affiliations: [agreement, affiliation('taskForce', 'co', 'us/dhs/ice', { detail: 'gangs' })] });
    expect(of(content, 'COZZ00300').program287g).toEqual(['jail']);
    expect(of(content, 'COZZ00200').taskForce).toEqual(['none']);
  });

  it('a federal body has no agreement', () => {
    expect(of(withRows({ affiliations: [agreement] }), 'COICE0001').program287g).toEqual(['none']);
  });
});

describe('certifications', () => {
  const content = withRows({ certifications: [certification('us/dhs/ice'), certification('us/dhs/ice', { certification: 'securityTraining', owner: '*', since: '2025-03-31', until: '2025-04-30' })] });

  it.each([
    ['CO', '2025-02-28', ['none']], ['CO', '2025-03-01', ['noCivilImmigrationUse']], ['CO', '2025-03-31', ['noCivilImmigrationUse', 'securityTraining']],
    ['CO', '2025-04-01', ['securityTraining']], ['CO', '2025-04-30', ['securityTraining']], ['CO', '2025-05-01', ['none']],
    ['NY', '2025-03-15', ['none']], ['NY', '2025-03-31', ['securityTraining']],
  ])('towards %s on %s', (owner, date, expected) => {
    expect(of(content, 'COICE0001', owner, date).certified).toEqual(expected);
  });

  it('turn at midnight UTC', () => {
    const requester = createSnapshot(content, 1, 'h').requester('COICE0001');
    expect(requester?.attributes('CO', new Date('2025-02-28T23:59:59.999Z')).certified).toEqual(['none']);
    expect(requester?.attributes('CO', new Date('2025-03-01T00:00:00.000Z')).certified).toEqual(['noCivilImmigrationUse']);
  });

  it('bind who made them, not its parts', () => {
    expect(of(content, 'TXHSI0001', 'CO', '2025-03-15').certified).toEqual(['none']);
  });
});

describe('the snapshot', () => {
  it('gives the same object for one organisation, owner and day, and equal ones for equal organisations', () => {
    const snapshot = createSnapshot(withRows({ offices: [...smallContent.offices, office('TXHSI0002', 'us/dhs/ice/hsi')], certifications: [certification('us/dhs/ice/hsi')] }), 1, 'h');
    const first = snapshot.requester('TXHSI0001');
    const other = snapshot.requester('TXHSI0002');
    const march = first?.attributes('CO', on('2025-03-10'));
    expect(first?.attributes('CO', on('2025-06-10'))).not.toBe(march);
    expect(first?.attributes('CO', on('2025-03-10'))).toBe(march);
    expect(other?.attributes('CO', on('2025-03-11'))).toBe(march);
    expect(first?.attributes('NY', on('2025-03-10'))).toBe(first?.attributes('TX', on('2025-06-10')));
    expect(Object.isFrozen(march) && Object.isFrozen(march?.component)).toBe(true);
  });

  it('knows no inactive office and no unknown one', () => {
    const snapshot = createSnapshot(withRows({ offices: [office('COZZ00100', 'co/springfield', { active: false })] }), 1, 'h');
    expect(snapshot.requester('COZZ00100')).toBeNull();
    expect(snapshot.requester('COZZ99999')).toBeNull();
    expect(snapshot.directory({ kind: 'ori', ori: 'COZZ00100' }, 10).entries).toMatchObject([{ active: false }]);
  });

  it('attributes of sound rows obey every constraint, on every day and towards every owner', () => {
    fc.assert(fc.property(soundContent, fc.integer({ min: 17_900, max: 23_000 }), fc.constantFrom(...allJurisdictions), (content, day, owner) => {
      expect(checkContent(content)).toEqual([]);
      const snapshot = createSnapshot(content, 1, 'h');
      for (const row of content.offices) {
        const attributes = snapshot.requester(row.ori)?.attributes(owner, new Date(day * 86_400_000));
        expect(attributes === undefined ? [] : brokenConstraints(attributes)).toEqual([]);
        expect(attributes === undefined).toBe(!row.active);
      }
    }));
  });

  it('what it keeps equals what it would derive afresh, on each side of every day on which something begins or ends', () => {
    fc.assert(fc.property(soundContent, (content) => {
      const snapshot = createSnapshot(content, 1, 'h');
      const turns = [...content.affiliations, ...content.certifications].flatMap((row) => [row.since, ...(row.until === null ? [] : [row.until])]).map(dayOfText);
      const days = [...new Set(turns.flatMap((day) => [day - 1, day, day + 1]))];
      for (const row of content.offices.filter(({ active }) => active)) {
        for (const day of days) {
          for (const owner of ['CO', 'NY', 'TX']) {
            const kept = snapshot.requester(row.ori)?.attributes(owner, new Date(day * 86_400_000 + 43_200_000));
            expect(JSON.stringify(kept)).toBe(JSON.stringify(attributesOn(snapshot.index, row.organisation, owner, day)));
          }
        }
      }
    }), { numRuns: 25 });
  });
});

describe('acting for another', () => {
  const snapshot = createSnapshot(withRows({ affiliations: [
    affiliation('delegation', 'co/springfield', 'co/juniper', { since: '2025-02-01', until: '2025-02-28' }),
    affiliation('delegation', 'us/dhs/ice', 'co/juniper', { confirmed: false }),
  ] }), 1, 'h');

  it('needs a delegation in force, from the other to the asker', () => {
    expect(snapshot.mayActFor('COZZ00200', 'COZZ00100', on('2025-02-28'))).toBe(true);
    expect(snapshot.mayActFor('COZZ00200', 'COZZ00100', on('2025-03-01'))).toBe(false);
    expect(snapshot.mayActFor('COZZ00100', 'COZZ00200', on('2025-02-15'))).toBe(false);
  });

  it('is not given by a suggestion, by ancestry, or to the unknown', () => {
    expect(snapshot.mayActFor('COZZ00200', 'COICE0001', on('2025-02-15'))).toBe(false);
    expect(snapshot.mayActFor('COICE0001', 'TXHSI0001', on('2025-02-15'))).toBe(false);
    expect(snapshot.mayActFor('TXHSI0001', 'COICE0001', on('2025-02-15'))).toBe(false);
    expect(snapshot.mayActFor('COZZ09999', 'COZZ00100', on('2025-02-15'))).toBe(false);
  });
});

describe('the directory', () => {
  const snapshot = createSnapshot(smallContent, 1, 'h');
  const directory: typeof snapshot.directory = (by, limit) => snapshot.directory(by, limit);

  it('lists a place in the order of ORIs, up to the limit, and says that there are more', () => {
    expect(directory({ kind: 'place', place: 'CO', type: null }, 2)).toMatchObject({ entries: [{ ori: 'COICE0001' }, { ori: 'COZZ00100' }], more: true });
    expect(directory({ kind: 'place', place: 'CO', type: null }, 4).more).toBe(false);
    expect(directory({ kind: 'place', place: 'CO', type: 'SO' }, 10).entries.map(({ ori }) => ori)).toEqual(['COZZ00200']);
    expect(directory({ kind: 'place', place: 'OD', type: 'FE' }, 10).entries.map(({ ori }) => ori)).toEqual(['COICE0001', 'TXHSI0001']);
    expect(directory({ kind: 'place', place: 'juniper', type: null }, 10).entries.map(({ ori }) => ori)).toEqual(['COZZ00200']);
  });

  it('finds nothing for an empty place or an unknown ORI', () => {
    expect(directory({ kind: 'place', place: ' ', type: null }, 10).entries).toEqual([]);
    expect(directory({ kind: 'ori', ori: 'XXXXXXXXX' }, 10).entries).toEqual([]);
  });
});
