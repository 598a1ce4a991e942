import { certifications, components, dataClasses, departments, isNameOf, jurisdictionName, labelOf, messageKeys, type InquiryKey, type Words } from '../../vocabulary/index.ts';
import type { Party } from '../archive/types.ts';
import { partyWords } from '../parties.ts';
import { none, notRecorded } from './dimensions.ts';
import type { Dimension, Names } from './types.ts';

/** A key of a dimension as a person reads it. `owner` is whose rule it is; null where a table is over several owners, whose keys name it. */
export function labelOfKey(dimension: Dimension, key: string, names: Names, owner: string | null): string {
  if (key === notRecorded) return 'not recorded';
  const own = special[dimension]?.[key];
  if (own !== undefined) return own;
  switch (dimension) {
    case 'owner': return jurisdictionName(key);
    case 'homeState': return key === none ? 'no state' : key === 'undeclared' ? unknown : jurisdictionName(key);
    case 'month': return monthName(key);
    case 'hour': return `${key}:00 to ${key}:59`;
    case 'agency': return names.agency(key) ?? key;
    case 'organisation': return names.organisation(key) ?? key;
    case 'party': return Object.hasOwn(partyWords, key) ? partyWords[key as Party] : key;
    case 'department': return plainOf(departments, key);
    case 'component': return plainOf(components, key);
    case 'certified': return plainOf(certifications, key);
    case 'released': case 'wanted': return isNameOf(dataClasses, key) ? labelOf(key) : key;
    case 'rule': return ruleLabel(key, names, owner);
    case 'key': return Object.hasOwn(messageKeys, key) ? `${key}: ${messageKeys[key as InquiryKey].plain}` : key;
    case 'policyVersion': return owner === null ? key : `version ${key}`;
    case 'day': return key;
    case 'weekday': case 'level': case 'mission': case 'program287g': case 'taskForce': case 'audit': case 'purpose': case 'warrant': case 'court': case 'caseNumber': case 'status': case 'verdict': case 'decidedBy': case 'reviewTime': case 'kind': case 'format':
      return key === 'undeclared' ? unknown : spaced(key);
  }
}

/** `trafficEnforcement` as "traffic enforcement". */
export function spaced(word: string): string {
  return /^[A-Z]+$/.test(word) ? word : word.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

const unknown = 'not known to the registry';
const grades = { stated: 'stated', numbered: 'given with its number', documentHash: 'given with the paper\'s fingerprint', courtConfirmed: 'confirmed with the court' };

const special: Readonly<Partial<Record<Dimension, Readonly<Record<string, string>>>>> = {
  weekday: { 1: 'Monday', 2: 'Tuesday', 3: 'Wednesday', 4: 'Thursday', 5: 'Friday', 6: 'Saturday', 7: 'Sunday' },
  released: { [none]: 'nothing' },
  wanted: { [none]: 'nothing named' },
  rule: { [none]: 'no rule: nothing was allowed' },
  policyVersion: { [none]: 'no policy' },
  program287g: { taskForce: '287(g) task force', jail: '287(g) in the jail', warrantService: '287(g) warrant service', none: 'no 287(g) agreement' },
  mission: { court: 'a court' },
  taskForce: { none: 'no task force' },
  warrant: { none: 'no warrant stated', ...grades },
  caseNumber: { none: 'no case number', ...grades },
  audit: { undeclared: unknown },
  status: { noRecord: 'no record found', unavailable: 'could not be looked up' },
  verdict: {
    none: 'not held', undecided: 'held, no decision on file', released: 'released after review', releasedInPart: 'released in part after review', refused: 'refused after review', noRecord: 'to be released, but no record found',
    affirmed: 'given in an emergency, found right afterwards', disapproved: 'given in an emergency, found wrong afterwards',
  },
  decidedBy: { none: 'not held', undecided: 'held, no decision on file', person: 'a person', clock: 'the clock: nobody decided in time' },
  reviewTime: {
    none: 'not held', undecided: 'held, no decision on file', under15Minutes: 'under 15 minutes', under1Hour: '15 minutes to 1 hour', under4Hours: '1 to 4 hours', under1Day: '4 hours to 1 day', under3Days: '1 to 3 days', over3Days: '3 days and more',
  },
  kind: { lookup: 'look-up of one record', nameSearch: 'search by name', plateSearch: 'search by part of a plate' },
  format: { legacy: 'legacy text', niem: 'NIEM XML', json: 'JSON' },
};

function plainOf(words: Words<string>, key: string): string {
  return isNameOf(words, key) ? words[key]?.plain ?? key : key;
}

/** Over several owners a key is `WA WA-7`. */
function ruleLabel(key: string, names: Names, owner: string | null): string {
  const [of, id] = owner === null ? [key.slice(0, 2), key.slice(3)] : [owner, key];
  const title = names.rule(of, id);
  return title === null ? key : `${key}: ${title}`;
}

function monthName(key: string): string {
  const at = Date.parse(`${key}-01T00:00:00Z`);
  return Number.isNaN(at) ? key : new Date(at).toLocaleDateString('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
}
