import { html, type Html } from '../../drawing/html.ts';
import type { JsonPicture, JsonRecord } from './json.ts';

/** One record, laid out for reading. What was not released is not there. */
export function recordOf(record: JsonRecord): Html {
  return html`<div class="record">${pictureOf(record.photo, 'Portrait on the licence')}<dl>${rowsOf(record).map(([term, text]) => html`<dt>${term}</dt><dd>${text}</dd>`)}</dl>${pictureOf(record.signature, 'Signature')}</div>`;
}

/** Only the two media types that the exchange gives, and only base64: nothing else becomes an address. */
function pictureOf(picture: JsonPicture | undefined, name: string): Html | null {
  if (picture === undefined || !/^image\/(?:png|jpeg)$/.test(picture.mediaType) || !/^[A-Za-z0-9+/]*={0,2}$/.test(picture.base64)) return null;
  return html`<img src="data:${picture.mediaType};base64,${picture.base64}" alt="${name}">`;
}

function rowsOf(record: JsonRecord): readonly (readonly [string, string])[] {
  const { licenceStatus: status, description, vehicleRegistration: vehicle, registeredOwner: owner } = record;
  const rows: (readonly [string, string | undefined])[] = [
    ['Name', nameOf(record.name)],
    ['Born', record.birthDate],
    ['Licence', joined([record.licenceNumber?.jurisdiction, record.licenceNumber?.number], ' ')],
    ['Status', status === undefined ? undefined : (statuses[status.status] ?? status.status)],
    ['Class', status?.licenceClass],
    ['Issued', status?.issued],
    ['Expires', status?.expires],
    ['Restrictions', status?.restrictions?.join(', ')],
    ['Endorsements', status?.endorsements?.join(', ')],
    ['Sex', description?.sex],
    ['Height', description?.height === undefined ? undefined : `${Math.floor(description.height / 12)} ft ${description.height % 12} in`],
    ['Weight', description?.weight === undefined ? undefined : `${description.weight} lb`],
    ['Eyes', description?.eyes],
    ['Hair', description?.hair],
    ['Address', addressOf(record.address)],
    ['Social Security number', record.ssn],
    ['Medical remarks', record.medical?.join('; ')],
    ['Immigration papers', record.immigrationDocuments?.map((paper) => joined([paper.type, paper.number, paper.expires], ', ')).join('; ')],
    ['History', record.driverHistory?.map((event) => joined([event.date, event.kind, event.text, event.jurisdiction], ', ')).join('; ')],
    ['Plate', joined([vehicle?.plate, vehicle?.plateType, vehicle?.plateYear], ' ')],
    ['Vehicle', joined([vehicle?.year, vehicle?.make, vehicle?.model, vehicle?.style, vehicle?.colour], ' ')],
    ['Vehicle number', vehicle?.vin],
    ['Registered until', vehicle?.expires],
    ['Owner', nameOf(owner?.name)],
    ['Owner’s address', addressOf(owner?.address)],
  ];
  return rows.filter((row): row is readonly [string, string] => row[1] !== undefined && row[1] !== '');
}

/** AAMVA D20. */
const statuses: Readonly<Record<string, string>> = { LIC: 'licensed', ELG: 'eligible', NEN: 'not eligible, for a reason of a state', NOT: 'not eligible, for a safety or federal reason', RPD: 'reported deceased' };

function nameOf(name: JsonRecord['name']): string | undefined {
  return name === undefined ? undefined : joined([joined([name.given, name.middle], ' '), name.surname], ' ');
}

function addressOf(address: JsonRecord['address']): string | undefined {
  return address === undefined ? undefined : joined([address.street, address.city, address.county, joined([address.state, address.zip], ' ')], ', ');
}

function joined(parts: readonly (string | undefined)[], by: string): string {
  return parts.filter((part) => part !== undefined && part !== '').join(by);
}
