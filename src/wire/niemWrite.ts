import type { DirectoryInquiry, Extension, Inquiry, PersonName, Subject } from '../model/index.ts';
import type { WireSettings } from './settings.ts';
import { printName } from './values.ts';
import { toWire } from './wildcards.ts';
import { envelope, group, leaf } from './xmlText.ts';

/** One NIEM XML message, with the extension in our own namespace after the data of the network. */
export function writeNiemInquiry(inquiry: Inquiry | DirectoryInquiry, settings: WireSettings): string {
  const { version } = settings.niem;
  if (inquiry.key === 'TQ') {
    const { by } = inquiry;
    const asked = by.kind === 'ori' ? leaf('wx:ORI', by.ori) : leaf('wx:Place', by.place) + leaf('wx:Type', by.type);
    return envelope(version, headerOf(inquiry, [inquiry.destination]), group('n2:NLETSInquiryData', group('wx:Directory', asked)));
  }
  const data = group(
    'n2:NLETSInquiryData',
    leaf('n2:ReasonCode', inquiry.reason),
    leaf('n2:PurposeCode', inquiry.legacyPurpose),
    leaf('n2:ResponseAttentionDescriptionText', inquiry.attention),
    leaf(settings.niem.imageElement, inquiry.image === null ? null : inquiry.image ? 'Y' : 'N'),
    subjectOf(inquiry.subject, inquiry.key === 'KQ' ? 'n2c:Driver' : 'n2:Person', settings),
  );
  return envelope(version, headerOf(inquiry, inquiry.destinations), data, extensionOf(inquiry.extension));
}

function headerOf(inquiry: Inquiry | DirectoryInquiry, destinations: readonly string[]): string {
  return group(
    'n2:NLETSMessageHeader',
    leaf('nh2:MessageKeyCodeText', inquiry.key),
    leaf('nh2:OriginatingORIID', inquiry.requester),
    ...destinations.map((code) => leaf('nh2:DestinationORIID', code)),
    leaf('nh2:DocumentControlFieldText', inquiry.control),
  );
}

function subjectOf(subject: Subject, element: string, settings: WireSettings): string {
  const { niem } = settings;
  switch (subject.kind) {
    case 'licence':
      return group(element, group(niem.olnPath[0], leaf(niem.olnPath[1], subject.number)));
    case 'person':
      return group(
        element,
        group('nc:PersonBirthDate', leaf('nc:Date', subject.birthDate)),
        nameOf(subject.name),
        leaf(niem.sexElement, subject.sex),
      );
    case 'name':
    case 'owner':
      return group(element, nameOf(subject.name));
    case 'plate':
      return group('nc:Vehicle', plateOf(subject.plate, subject.plateType, subject.plateYear, settings));
    case 'partialPlate':
      return group('nc:Vehicle', plateOf(toWire(subject.pattern, settings), subject.plateType, null, settings));
    case 'vin':
      return group(
        'nc:Vehicle',
        group('nc:VehicleIdentification', leaf('nc:IdentificationID', subject.vin)),
        leaf(niem.makeElement, subject.make),
        leaf(niem.modelYearElement, subject.year),
      );
  }
}

function plateOf(plate: string, type: string | null, year: string | null, settings: WireSettings): string {
  return group(
    'nc:ConveyanceRegistrationPlateIdentification',
    leaf('nc:IdentificationID', plate),
    leaf('nc:IdentificationCategoryText', type),
    year === null ? '' : group('nc:IdentificationExpirationDate', leaf(settings.niem.plateYearElement, year)),
  );
}

function nameOf(name: PersonName): string {
  return group(
    'nc:PersonName',
    leaf('nc:PersonGivenName', name.given === '' ? null : name.given),
    leaf('nc:PersonMiddleName', name.middle === '' ? null : name.middle),
    leaf('nc:PersonSurName', name.surname),
    leaf('nc:PersonFullName', printName(name)),
  );
}

function extensionOf(extension: Extension): string {
  const { purpose, warrant, caseNumber, user, onBehalfOf, wants } = extension;
  const parts = [
    leaf('wx:Purpose', purpose),
    warrant === null ? '' : group('wx:Warrant', leaf('wx:Number', warrant.number), leaf('wx:DocumentHash', warrant.documentHash), leaf('wx:Court', warrant.court)),
    leaf('wx:CaseNumber', caseNumber),
    leaf('wx:User', user),
    leaf('wx:OnBehalfOf', onBehalfOf),
    wants === null ? '' : group('wx:Wants', ...wants.map((one) => leaf('wx:DataClass', one))),
  ].join('');
  return parts === '' ? '' : group('wx:Extension', parts);
}
