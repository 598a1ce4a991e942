import { courtClasses, dataClasses, purposes } from '../vocabulary/index.ts';
import { emptyExtension, type DirectoryInquiry, type Extension, type Inquiry, type StatedWarrant } from '../model/index.ts';
import { assemble, wordOf, type Draft } from './assemble.ts';
import { prefixes, type Field } from './fields.ts';
import { inOrder } from './jsonRead.ts';
import { reject, type Known } from './reject.ts';
import type { WireSettings } from './settings.ts';
import { isControl, isDay, isFreeText, isOri, parseName, printName } from './values.ts';
import { fromWire } from './wildcards.ts';
import { Children, leafText, parseXml, type XmlTree } from './xmlTree.ts';

/**
 * Reads one NIEM XML message (reference sections 3.1 to 3.3). Element names are held by namespace, never by prefix; order
 * does not matter; an element that is not known is an error, because ignoring it could change what was asked.
 */
export function readNiem(text: string, settings: WireSettings, known: Known): Inquiry | DirectoryInquiry {
  const root = parseXml(text, settings);
  if (root.name !== 'n2:NLETS') reject('malformed', 'the root is not that of a message', null);
  const top = new Children(root, '');
  const header = headerOf(top.maybe('n2:NLETSMessageHeader'), known);
  const data = top.maybe('n2:NLETSInquiryData') ?? reject('noText', 'the message has no inquiry data', 'n2:NLETSInquiryData');
  const extension = extensionOf(top.maybe('wx:Extension'));
  top.done();
  const fields = fieldsOf(data, settings);
  if (header.key === 'TQ' && extension !== emptyExtension) reject('badCombination', 'TQ takes no extension', 'wx:Extension');
  return assemble({ format: 'niem', ...header, fields, extension, kind: null, place }, settings, known);
}

const place: Draft['place'] = (part) => {
  if (part === 'key') return 'nh2:MessageKeyCodeText';
  if (part === 'requester') return 'nh2:OriginatingORIID';
  if (part === 'destinations') return 'nh2:DestinationORIID';
  if (part === 'control') return 'nh2:DocumentControlFieldText';
  return part in prefixes ? prefixes[part as Field] : 'n2:NLETSInquiryData';
};

/** Header elements that a switch adds on the way: read and dropped. */
const clockElements = [
  'nh2:MessageReceiveDate', 'nh2:MessageReceiveTime', 'nh2:MessageSendDate', 'nh2:MessageSendTime', 'nh2:ReceiveMessageNumeric', 'nh2:SendMessageNumeric',
];

function headerOf(tree: XmlTree | null, known: Known): Pick<Draft, 'key' | 'requester' | 'destinations' | 'control'> {
  if (tree === null) reject('badHeader', 'the header is missing', 'n2:NLETSMessageHeader');
  const header = new Children(tree, 'n2:NLETSMessageHeader');
  const requester = header.text('nh2:OriginatingORIID') ?? '';
  if (isOri(requester)) known.requester = requester;
  const control = header.text('nh2:DocumentControlFieldText');
  if (control !== null && isControl(control)) known.control = control;
  const key = header.text('nh2:MessageKeyCodeText') ?? '';
  // That several destinations repeat the element is inferred.
  const destinations = header.many('nh2:DestinationORIID').map((one) => leafText(one, header.at('nh2:DestinationORIID')));
  for (const name of clockElements) header.text(name);
  header.done();
  return { key, requester, destinations, control };
}

function fieldsOf(tree: XmlTree, settings: WireSettings): ReadonlyMap<Field, string> {
  const fields = new Map<Field, string>();
  const data = new Children(tree, 'n2:NLETSInquiryData');
  put(fields, 'reason', data.text('n2:ReasonCode'));
  put(fields, 'purpose', data.text('n2:PurposeCode'));
  put(fields, 'attention', data.text('n2:ResponseAttentionDescriptionText'));
  put(fields, 'image', data.text(settings.niem.imageElement));
  const person = data.maybe('n2:Person');
  const driver = data.maybe('n2c:Driver');
  if (person !== null && driver !== null) reject('badCombination', 'a message has one subject', data.at('n2c:Driver'));
  const subject = person ?? driver;
  if (subject !== null) subjectInto(fields, new Children(subject, subject.name), settings);
  const vehicle = data.maybe('nc:Vehicle');
  if (vehicle !== null) vehicleInto(fields, new Children(vehicle, 'nc:Vehicle'), settings);
  const directory = data.maybe('wx:Directory');
  if (directory !== null) directoryInto(fields, new Children(directory, 'wx:Directory'));
  data.done();
  return fields;
}

function subjectInto(fields: Map<Field, string>, subject: Children, settings: WireSettings): void {
  const birth = subject.maybe('nc:PersonBirthDate');
  if (birth !== null) {
    const inner = new Children(birth, subject.at('nc:PersonBirthDate'));
    const day = inner.text('nc:Date') ?? '';
    inner.done();
    if (!isDay(day)) reject('badBirthDate', 'the date of birth is not a complete day of the calendar', 'DOB');
    fields.set('birthDate', day);
  }
  put(fields, 'sex', subject.text(settings.niem.sexElement));
  const [outer, inner] = settings.niem.olnPath;
  const licence = subject.maybe(outer);
  if (licence !== null) {
    const parts = new Children(licence, subject.at(outer));
    fields.set('licence', parts.text(inner) ?? '');
    parts.done();
  }
  const name = subject.maybe('nc:PersonName');
  if (name !== null) fields.set('name', nameText(new Children(name, subject.at('nc:PersonName')), settings));
  subject.done();
}

/** Parts, or the full name, or both where they say the same. */
function nameText(name: Children, settings: WireSettings): string {
  const full = name.text('nc:PersonFullName');
  const surname = name.text('nc:PersonSurName');
  const given = name.text('nc:PersonGivenName') ?? '';
  const middle = name.text('nc:PersonMiddleName') ?? '';
  name.done();
  if (surname === null) {
    if (given !== '' || middle !== '') reject('badValue', 'a name has a surname', 'NAM');
    return full ?? '';
  }
  if (given === '' && middle !== '') reject('badValue', 'a middle name goes with a given name', 'NAM');
  if (surname.includes(',') || given.includes(',') || middle.includes(',')) reject('badValue', 'a part of a name has no comma', 'NAM');
  const joined = given === '' ? surname : `${surname},${given} ${middle}`;
  if (full === null) return joined;
  const one = parseName(joined, settings.nameSpecials);
  const other = parseName(full, settings.nameSpecials);
  if (one === null || other === null || printName(one) !== printName(other)) reject('badValue', 'the full name differs from its parts', 'NAM');
  return full;
}

function vehicleInto(fields: Map<Field, string>, vehicle: Children, settings: WireSettings): void {
  const plate = vehicle.maybe('nc:ConveyanceRegistrationPlateIdentification');
  if (plate !== null) {
    const parts = new Children(plate, vehicle.at('nc:ConveyanceRegistrationPlateIdentification'));
    fields.set('plate', fromWire(parts.text('nc:IdentificationID') ?? '', settings));
    put(fields, 'plateType', parts.text('nc:IdentificationCategoryText'));
    const expires = parts.maybe('nc:IdentificationExpirationDate');
    if (expires !== null) {
      const year = new Children(expires, parts.at('nc:IdentificationExpirationDate'));
      fields.set('plateYear', year.text(settings.niem.plateYearElement) ?? '');
      year.done();
    }
    parts.done();
  }
  const number = vehicle.maybe('nc:VehicleIdentification');
  if (number !== null) {
    const parts = new Children(number, vehicle.at('nc:VehicleIdentification'));
    fields.set('vin', parts.text('nc:IdentificationID') ?? '');
    parts.done();
  }
  put(fields, 'make', vehicle.text(settings.niem.makeElement));
  put(fields, 'vehicleYear', vehicle.text(settings.niem.modelYearElement));
  vehicle.done();
}

/** The published pages do not give the elements of TQ, so these are in our own namespace. */
function directoryInto(fields: Map<Field, string>, directory: Children): void {
  put(fields, 'ori', directory.text('wx:ORI'));
  put(fields, 'place', directory.text('wx:Place'));
  put(fields, 'type', directory.text('wx:Type'));
  directory.done();
}

function extensionOf(tree: XmlTree | null): Extension {
  if (tree === null) return emptyExtension;
  const parts = new Children(tree, 'wx:Extension');
  const purpose = parts.text('wx:Purpose');
  const onBehalfOf = parts.text('wx:OnBehalfOf');
  if (onBehalfOf !== null && !isOri(onBehalfOf)) reject('badValue', 'an ORI is nine capital letters or digits', parts.at('wx:OnBehalfOf'));
  const warrant = parts.maybe('wx:Warrant');
  const wants = parts.maybe('wx:Wants');
  const extension: Extension = {
    purpose: purpose === null ? null : wordOf(purposes, purpose, parts.at('wx:Purpose')),
    warrant: warrant === null ? null : warrantOf(new Children(warrant, parts.at('wx:Warrant'))),
    caseNumber: freeText(parts, 'wx:CaseNumber'),
    user: freeText(parts, 'wx:User'),
    onBehalfOf,
    wants: wants === null ? null : wantsOf(new Children(wants, parts.at('wx:Wants'))),
  };
  parts.done();
  return extension;
}

function warrantOf(warrant: Children): StatedWarrant {
  const hash = warrant.text('wx:DocumentHash');
  if (hash !== null && !/^[0-9A-Fa-f]{64}$/.test(hash)) reject('badValue', 'a fingerprint is 64 hexadecimal digits', warrant.at('wx:DocumentHash'));
  const court = warrant.text('wx:Court');
  const number = freeText(warrant, 'wx:Number');
  warrant.done();
  return {
    number,
    documentHash: hash?.toLowerCase() ?? null,
    court: court === null ? 'notStated' : wordOf(courtClasses, court, warrant.at('wx:Court')),
  };
}

function wantsOf(wants: Children): Extension['wants'] {
  const at = wants.at('wx:DataClass');
  const named = wants.many('wx:DataClass').map((one) => wordOf(dataClasses, leafText(one, at), at));
  wants.done();
  return inOrder(named, at);
}

function freeText(from: Children, name: string): string | null {
  const text = from.text(name);
  if (text !== null && !isFreeText(text)) reject('badValue', 'this is 1 to 64 visible characters', from.at(name));
  return text;
}

function put(fields: Map<Field, string>, field: Field, text: string | null): void {
  if (text !== null) fields.set(field, text);
}
