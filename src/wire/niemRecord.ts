import type { Address, HistoryEvent, PersonName, Picture, RecordData, Sex } from '../model/index.ts';
import { list, maybe, number, object, one, text, textOf, word, type Shape } from './shape.ts';
import { reject } from './reject.ts';
import { group, leaf } from './xmlText.ts';
import { Children } from './xmlTree.ts';

/**
 * A released record in NIEM elements: one child for each data class. The elements of `nc` are those of NIEM 2.0 (C as schema
 * facts); that the network's answers use them is inferred, and where NIEM 2.0 has no fitting element it is one of `wx`.
 */

const name: Shape<PersonName> = object<PersonName>({
  surname: one('nc:PersonSurName', text),
  given: one('nc:PersonGivenName', text),
  middle: one('nc:PersonMiddleName', text),
});

const address: Shape<Address> = object<Address>({
  street: maybe('nc:StreetFullText', text),
  city: maybe('nc:LocationCityName', text),
  county: maybe('nc:LocationCountyName', text),
  state: one('nc:LocationStateUSPostalServiceCode', text),
  zip: maybe('nc:LocationPostalCode', text),
});

/** The group published for pictures (C N20); that answers about drivers use it is inferred. The size, in kilobytes, is for the reader only. */
const picture: Shape<Picture> = {
  write: ({ mediaType, bytes }) =>
    group('nc:BinaryBase64Object', Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'))
    + leaf('nc:BinaryFormatID', mediaType)
    + leaf('nc:BinarySizeValue', String(Math.ceil(bytes.length / 1024))),
  read(tree, at) {
    const parts = new Children(tree, at);
    const base64 = parts.maybe('nc:BinaryBase64Object')?.text ?? '';
    const mediaType = parts.text('nc:BinaryFormatID');
    parts.text('nc:BinarySizeValue');
    parts.done();
    if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) reject('badValue', 'the picture is not base64', at);
    if (mediaType !== 'image/png' && mediaType !== 'image/jpeg') reject('badValue', 'the picture is neither PNG nor JPEG', at);
    return { mediaType, bytes: new Uint8Array(Buffer.from(base64, 'base64')) };
  },
};

const sex: Shape<Sex> = word<Sex>(['M', 'F', 'U', 'X']);

const event: Shape<HistoryEvent> = object<HistoryEvent>({
  date: one('wx:Date', text),
  kind: one('wx:Kind', word(['conviction', 'accident', 'withdrawal', 'reinstatement'])),
  code: one('wx:Code', text),
  text: one('wx:Text', text),
  jurisdiction: one('wx:Jurisdiction', text),
});

export const record: Shape<RecordData> = object<RecordData>({
  licenceStatus: maybe('nc:DriverLicense', object<NonNullable<RecordData['licenceStatus']>>({
    status: one('nc:DriverLicenseNonCommercialStatusText', text),
    licenceClass: maybe('nc:DriverLicenseNonCommercialClassText', text),
    issued: maybe('nc:DriverLicenseIssueDate', text),
    expires: maybe('nc:DriverLicenseExpirationDate', text),
    restrictions: maybe('wx:Restrictions', list('nc:DriverLicenseRestriction', text)),
    endorsements: maybe('wx:Endorsements', list('nc:DriverLicenseEndorsementText', text)),
  })),
  licenceNumber: maybe('nc:DriverLicenseIdentification', object<NonNullable<RecordData['licenceNumber']>>({
    number: one('nc:IdentificationID', text),
    jurisdiction: one('nc:IdentificationJurisdictionText', text),
  })),
  name: maybe('nc:PersonName', name),
  birthDate: maybe('nc:PersonBirthDate', text),
  description: maybe('wx:Description', object<NonNullable<RecordData['description']>>({
    sex: maybe('nc:PersonSexCode', sex),
    height: maybe('nc:PersonHeightMeasure', number),
    weight: maybe('nc:PersonWeightMeasure', number),
    eyes: maybe('nc:PersonEyeColorText', text),
    hair: maybe('nc:PersonHairColorText', text),
  })),
  address: maybe('nc:LocationAddress', address),
  photo: maybe('nc:Image', picture),
  signature: maybe('wx:Signature', picture),
  ssn: maybe('nc:PersonSSNIdentification', text),
  medical: maybe('wx:Medical', list('wx:Remark', text)),
  immigrationDocuments: maybe('wx:ImmigrationDocuments', list('wx:Document', object<NonNullable<RecordData['immigrationDocuments']>[number]>({
    type: one('wx:Type', text),
    number: maybe('wx:Number', text),
    expires: maybe('wx:Expires', text),
  }))),
  driverHistory: maybe('wx:DriverHistory', list('wx:Event', event)),
  vehicleRegistration: maybe('nc:Vehicle', object<NonNullable<RecordData['vehicleRegistration']>>({
    plate: one('wx:Plate', text),
    plateType: maybe('wx:PlateType', text),
    plateYear: maybe('wx:PlateYear', text),
    vin: maybe('nc:VehicleIdentification', text),
    make: maybe('nc:VehicleMakeCode', text),
    model: maybe('nc:VehicleModelCode', text),
    style: maybe('nc:VehicleStyleCode', text),
    colour: maybe('nc:VehicleColorPrimaryCode', text),
    year: maybe('nc:ItemModelYearDate', text),
    expires: maybe('wx:Expires', text),
  })),
  registeredOwner: maybe('wx:RegisteredOwner', object<NonNullable<RecordData['registeredOwner']>>({
    name: one('nc:PersonName', name),
    address: maybe('nc:LocationAddress', address),
  })),
});

/** A time as RFC 3339 with milliseconds, UTC. */
export const instant: Shape<number> = textOf(
  (ms) => new Date(ms).toISOString(),
  (given) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(given) && !Number.isNaN(Date.parse(given)) ? Date.parse(given) : null),
);
