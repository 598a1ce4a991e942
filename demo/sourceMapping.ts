/**
 * The mapping file of the demonstration's record store: one database that holds the records of all 56 owners,
 * told apart by the column `owner`. `connection` is a name in the settings, or `env:NAME`.
 */
export function demoSourceMapping(connection: string): string {
  return `# Which tables and columns of the demonstration's record store hold which class of data (docs/sources.md).
owners: all
partition: { column: owner }
connection: ${connection}
dialect: postgres

driver:
  table: driver
  key: licence_number
  name: { surname: surname, given: given, middle: middle }
  birthDate: birth_date
  description: { sex: sex, height: height, weight: weight, eyes: eyes, hair: hair }
  address: { street: street, city: city, county: county, state: state, zip: zip }
  licenceStatus:
    status: status
    licenceClass: licence_class
    issued: issued
    expires: expires
    restrictions: restrictions
    endorsements: endorsements
  ssn: ssn
  medical: medical
  immigrationDocuments: { type: immigration_type, number: immigration_number, expires: immigration_expires }
  photo: { table: picture, key: id, by: portrait, bytes: bytes, mediaType: media_type }
  signature: { table: picture, key: id, by: signature, bytes: bytes, mediaType: media_type }

history:
  table: history
  by: licence_number
  date: date
  kind: kind
  code: code
  text: text
  jurisdiction: jurisdiction

vehicle:
  table: vehicle_with_owner
  plate: plate
  plateType: plate_type
  plateYear: plate_year
  vin: vin
  make: make
  model: model
  style: style
  colour: colour
  year: year
  expires: expires
  registeredOwner:
    name: { surname: owner_surname, given: owner_given, middle: owner_middle }
    address: { street: owner_street, city: owner_city, county: owner_county, state: owner_state, zip: owner_zip }
`;
}
