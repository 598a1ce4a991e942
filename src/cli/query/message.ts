import { inquiryKeys, isNameOf, dataClasses, purposes, courtClasses, type DataClass, type InquiryKey } from '../../vocabulary/index.ts';
import type { DirectoryInquiry, Extension, Inquiry, PersonName, Sex, Subject } from '../../model/index.ts';
import { exitCodes, VerbError } from '../verb.ts';
import type { QueryOptions } from './options.ts';

/** The inquiry that the options describe. What cannot be right is said here; everything else is for the exchange to judge. */
export function inquiryFrom(key: string | undefined, options: QueryOptions): Inquiry | DirectoryInquiry {
  const requester = needed(options.as, '--as', 'the ORI that asks').toUpperCase();
  const destinations = (options.to ?? (key?.toUpperCase() === 'TQ' ? 'OD' : needed(options.to, '--to', 'one or more owners, or NL'))).toUpperCase().split(',');
  const control = options.control ?? null;
  const word = needed(key, 'KEY', 'a message key such as DQ').toUpperCase();
  if (word === 'TQ') {
    return { key: 'TQ', requester, destination: destinations[0] ?? 'OD', control, by: { kind: 'ori', ori: needed(options.ori, '--ori', 'the ORI to look up').toUpperCase() } };
  }
  if (!(inquiryKeys as readonly string[]).includes(word)) throw usage(`there is no message key \`${word}\``, `Use one of ${inquiryKeys.join(', ')} or TQ.`);
  return {
    key: word as InquiryKey, requester, destinations, control,
    subject: subjectFrom(word as InquiryKey, options),
    image: options.image === true ? true : null,
    reason: (options.reason ?? null) as Inquiry['reason'],
    legacyPurpose: null,
    attention: null,
    extension: extensionFrom(options),
  };
}

function subjectFrom(key: InquiryKey, options: QueryOptions): Subject {
  if (key === 'RPQ') return { kind: 'partialPlate', pattern: needed(options.plate, '--plate', 'part of a plate with * or ?').toUpperCase(), plateType: options.plateType ?? null };
  if (key === 'RNQ') return { kind: 'owner', name: nameFrom(options) };
  if (key === 'DNQ') return { kind: 'name', name: nameFrom(options) };
  if (key === 'RQ' || key === 'RQG') {
    if (options.vin !== undefined) return { kind: 'vin', vin: options.vin.toUpperCase(), make: null, year: null };
    return { kind: 'plate', plate: needed(options.plate, '--plate or --vin', 'a plate or a vehicle number').toUpperCase(), plateYear: options.plateYear ?? null, plateType: options.plateType?.toUpperCase() ?? null };
  }
  if (options.oln !== undefined) return { kind: 'licence', number: options.oln.toUpperCase() };
  return {
    kind: 'person', name: nameFrom(options), birthDate: needed(options.dob, '--dob', 'the birth date, YYYY-MM-DD'), sex: (options.sex?.toUpperCase() ?? null) as Sex | null,
  };
}

function nameFrom(options: QueryOptions): PersonName {
  const text = needed(options.name, '--name', "the name as 'SURNAME,GIVEN MIDDLE'").toUpperCase();
  const [surname = '', rest = ''] = text.split(',', 2);
  const [given = '', ...middle] = rest.trim().split(/\s+/);
  return { surname: surname.trim(), given, middle: middle.join(' ') };
}

function extensionFrom(options: QueryOptions): Extension {
  const { purpose, court, warrant, warrantHash, wants } = options;
  return {
    purpose: isNameOf(purposes, purpose) ? purpose : null,
    warrant: warrant === undefined && warrantHash === undefined && court === undefined ? null : {
      number: warrant ?? null, documentHash: warrantHash?.toLowerCase() ?? null, court: isNameOf(courtClasses, court) ? court : 'notStated',
    },
    caseNumber: options.case ?? null,
    user: options.user ?? null,
    onBehalfOf: options.onBehalfOf?.toUpperCase() ?? null,
    wants: wants === undefined ? null : wants.split(',').map(classNamed),
  };
}

function classNamed(text: string): DataClass {
  const name = text.trim();
  if (isNameOf(dataClasses, name)) return name;
  throw usage(`there is no data class \`${name}\``, `Use ${Object.keys(dataClasses).join(', ')}.`);
}

function needed(value: string | undefined, option: string, what: string): string {
  if (value !== undefined && value !== '') return value;
  throw usage(`${option} is missing: ${what}`, 'See weir query --help.');
}

function usage(message: string, mend: string): VerbError {
  return new VerbError(exitCodes.usage, message, mend);
}
