import { landmarkOris, people } from '../../../demo/landmarks.ts';
import type { Example, Mode } from '../deps.ts';

/** Three queries that a newcomer can send, with what to look for. They work whatever the seed and size of the network. */
export function examplesFor(mode: Mode): readonly Example[] {
  return mode === 'demonstration' ? demonstration : [];
}

const { tessa } = people;
const dq = (ori: string): string => `DQ.${ori}.WA.*A1B2C3D4.TXT\nOLN/${tessa.licenceNumber}.IMQ/Y`;

const demonstration: readonly Example[] = [
  { title: 'A sheriff in Oregon asks Washington about a driver, in the text format that police systems speak', format: 'legacy', body: dq('OR5010000') },
  { title: 'The same question from Immigration and Customs Enforcement: the same state answers otherwise', format: 'legacy', body: dq(landmarkOris.iceEro) },
  {
    title: 'A name and birth date to all 56 owners at once, in JSON',
    format: 'json',
    body: JSON.stringify({
      key: 'DQ', requester: landmarkOris.cityPolice, destinations: ['NL'],
      subject: {
        kind: 'person', name: { surname: people.dara.surname, given: people.dara.given, middle: people.dara.middle }, birthDate: people.dara.birthDate, sex: people.dara.sex,
      },
      purpose: 'criminalInvestigation', caseNumber: '26-004417',
    }),
  },
];
