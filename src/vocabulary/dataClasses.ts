import { namesOf, type Words } from './word.ts';

/** The kinds of data that an owner decides about one by one. */
export type DataClass =
  | 'licenceStatus'
  | 'licenceNumber'
  | 'name'
  | 'birthDate'
  | 'description'
  | 'address'
  | 'photo'
  | 'signature'
  | 'ssn'
  | 'medical'
  | 'immigrationDocuments'
  | 'driverHistory'
  | 'vehicleRegistration'
  | 'registeredOwner';

export const dataClasses: Words<DataClass> = {
  licenceStatus: {
    plain: 'whether the licence is valid, its class, dates, restrictions and endorsements',
    source: 'AAMVA D20 status and class codes; not "personal information" under 18 USC 2725(3)',
  },
  licenceNumber: { plain: 'the number of the licence and the state that issued it', source: '18 USC 2725(3)' },
  name: { plain: 'the full name', source: '18 USC 2725(3)' },
  birthDate: { plain: 'the date of birth', source: 'Nlets DR content' },
  description: { plain: 'sex, height, weight, colour of eyes and hair', source: 'Nlets DR content' },
  address: { plain: 'the home address', source: '18 USC 2725(3)' },
  photo: { plain: 'the portrait on the licence', source: '18 USC 2725(4), highly restricted' },
  signature: { plain: 'the picture of the signature', source: 'Weir; treated like a photo by several states' },
  ssn: { plain: 'the Social Security number', source: '18 USC 2725(4), highly restricted' },
  medical: { plain: 'medical and disability remarks', source: '18 USC 2725(4), highly restricted' },
  immigrationDocuments: {
    plain: 'papers shown to prove lawful presence, and what they say',
    source: 'Minn. Stat. 171.12 subd. 11; NY VTL 201(12)',
  },
  driverHistory: { plain: 'convictions, accidents and withdrawals of the licence', source: 'Nlets KR content' },
  vehicleRegistration: { plain: 'plate, vehicle number, make, model, colour and expiry', source: 'Nlets RR content' },
  registeredOwner: { plain: 'who owns the vehicle, and where they live', source: 'Nlets RR content' },
};

export const allDataClasses: readonly DataClass[] = namesOf(dataClasses);

/** Photo, Social Security number and medical remarks need consent but for four uses: 18 USC 2721(a)(2), 2725(4). */
export const highlyRestricted: ReadonlySet<DataClass> = new Set<DataClass>(['photo', 'ssn', 'medical']);

/** The name of a class as a person reads it: `licenceStatus` is "licence status". */
export function labelOf(dataClass: DataClass): string {
  return dataClass === 'ssn' ? 'Social Security number' : dataClass.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
