import type { DataClass } from './dataClasses.ts';
import { namesOf, type Word } from './word.ts';

export type InquiryKey = 'DQ' | 'DQG' | 'DNQ' | 'KQ' | 'RQ' | 'RQG' | 'RNQ' | 'RPQ';
export type AnswerKey = 'DR' | 'DNR' | 'KR' | 'RR' | 'RNR' | 'RPR';

/** How a subject may be named. */
export type SubjectKind = 'licence' | 'person' | 'name' | 'plate' | 'vin' | 'owner' | 'partialPlate';

/** What an inquiry amounts to: looking one record up, or searching among many. Policies may read it. */
export type QueryKind = 'lookup' | 'nameSearch' | 'plateSearch';

/** A message key of the network: its answer, its subjects, and how many destinations it may have. */
export interface MessageKeyFacts extends Word {
  readonly answer: AnswerKey;
  readonly subjects: readonly SubjectKind[];
  readonly maxDestinations: number;
  /** May go to `NL`, all owners that take part. */
  readonly broadcast: boolean;
  /** Goes to a region rather than to a state. */
  readonly regional: boolean;
  readonly imageAllowed: boolean;
  readonly reasonAllowed: boolean;
  readonly purposeAllowed: boolean;
  readonly kind: QueryKind;
  /** The classes asked for where the request does not name them; a photo only when the image is asked for. */
  readonly wants: readonly DataClass[];
}

const driver: readonly DataClass[] = ['licenceStatus', 'licenceNumber', 'name', 'birthDate', 'description', 'address'];
const vehicle: readonly DataClass[] = ['vehicleRegistration', 'registeredOwner'];

/** Sources: Nlets pages N4 to N11 as graded in the wire document (docs/wire.md). */
export const messageKeys: Readonly<Record<InquiryKey, MessageKeyFacts>> = {
  DQ: {
    plain: 'driver licence by number, or by name, birth date and sex', source: 'Nlets N4, N5, N7',
    answer: 'DR', subjects: ['licence', 'person'], maxDestinations: 5, broadcast: true, regional: false,
    imageAllowed: true, reasonAllowed: true, purposeAllowed: false, kind: 'lookup', wants: driver,
  },
  DQG: {
    plain: 'driver licence in a region, by name and birth date only', source: 'Nlets N4, N5',
    answer: 'DR', subjects: ['person'], maxDestinations: 5, broadcast: false, regional: true,
    imageAllowed: false, reasonAllowed: true, purposeAllowed: false, kind: 'lookup', wants: driver,
  },
  DNQ: {
    plain: 'drivers by name alone: a list', source: 'Nlets N4',
    answer: 'DNR', subjects: ['name'], maxDestinations: 5, broadcast: false, regional: false,
    imageAllowed: false, reasonAllowed: false, purposeAllowed: false, kind: 'nameSearch',
    wants: ['licenceNumber', 'name', 'birthDate', 'description'],
  },
  KQ: {
    plain: 'driver history', source: 'Nlets N6, N8, N10',
    answer: 'KR', subjects: ['licence', 'person'], maxDestinations: 1, broadcast: false, regional: false,
    imageAllowed: true, reasonAllowed: true, purposeAllowed: true, kind: 'lookup', wants: [...driver, 'driverHistory'],
  },
  RQ: {
    plain: 'vehicle registration by plate or vehicle number', source: 'Nlets N2, N9, N11',
    answer: 'RR', subjects: ['plate', 'vin'], maxDestinations: 5, broadcast: true, regional: false,
    imageAllowed: false, reasonAllowed: true, purposeAllowed: false, kind: 'lookup', wants: vehicle,
  },
  RQG: {
    plain: 'vehicle registration in a region', source: 'Nlets N2, N9',
    answer: 'RR', subjects: ['plate', 'vin'], maxDestinations: 5, broadcast: false, regional: true,
    imageAllowed: false, reasonAllowed: true, purposeAllowed: false, kind: 'lookup', wants: vehicle,
  },
  RNQ: {
    plain: 'vehicles by the name of the owner: a list', source: 'Nlets N2, N9a',
    answer: 'RNR', subjects: ['owner'], maxDestinations: 5, broadcast: false, regional: false,
    imageAllowed: false, reasonAllowed: false, purposeAllowed: false, kind: 'nameSearch', wants: vehicle,
  },
  RPQ: {
    plain: 'vehicles by part of a plate: a list', source: 'Nlets N2, N9a',
    answer: 'RPR', subjects: ['partialPlate'], maxDestinations: 1, broadcast: false, regional: false,
    imageAllowed: false, reasonAllowed: false, purposeAllowed: false, kind: 'plateSearch', wants: vehicle,
  },
};

export const inquiryKeys: readonly InquiryKey[] = namesOf(messageKeys);

/** Photos can be asked for besides the classes in `wants`. */
export function classesWanted(key: InquiryKey, image: boolean): readonly DataClass[] {
  const { wants } = messageKeys[key];
  return image && messageKeys[key].imageAllowed ? [...wants, 'photo'] : wants;
}

export const queryKinds: Readonly<Record<QueryKind, Word>> = {
  lookup: { plain: 'one person or vehicle, named exactly', source: 'Weir' },
  nameSearch: { plain: 'a search by name alone, which returns a list', source: 'Nlets DNQ, RNQ' },
  plateSearch: { plain: 'a search by part of a plate, which returns a list', source: 'Nlets RPQ' },
};
