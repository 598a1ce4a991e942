import type { DataClass, Treatment } from '../vocabulary/index.ts';
import type { Address, ClassDecision, PersonName, Picture, RecordData } from '../model/index.ts';
import type { Reducer } from './ports.ts';

/**
 * Builds what leaves from what the source returned: class by class, only what the decision releases, in the form
 * that it says. A member that no decision names is left behind, whatever the source put there.
 */
export function shape(record: RecordData, decisions: readonly ClassDecision[], reducer: Reducer): RecordData | Promise<RecordData> {
  const out: Open = {};
  let reductions: Promise<void>[] | null = null;
  for (const { dataClass, outcome, treatment } of decisions) {
    if (outcome !== 'release' && outcome !== 'redact') continue;
    if (record[dataClass] === undefined) continue;
    if (outcome === 'release') assign(out, record, dataClass);
    else if (treatment !== null) (reductions ??= []).push(treat(out, record, dataClass, treatment, reducer));
  }
  return reductions === null ? out : Promise.all(reductions).then(() => out);
}

type Open = { -readonly [K in keyof RecordData]: RecordData[K] };

function assign<C extends DataClass>(out: Open, record: RecordData, dataClass: C): void {
  out[dataClass] = record[dataClass];
}

/** A pair of class and treatment that is not known here releases nothing: a redaction never falls back to the whole. */
async function treat(out: Open, record: RecordData, dataClass: DataClass, treatment: Treatment, reducer: Reducer): Promise<void> {
  switch (dataClass) {
    case 'photo':
    case 'signature': {
      const picture = record[dataClass];
      const small = treatment === 'reduced' && picture !== undefined ? await reduced(picture, reducer) : null;
      if (small !== null) out[dataClass] = small;
      break;
    }
    case 'address':
      if (record.address !== undefined) put(out, 'address', coarse(record.address, treatment));
      break;
    case 'registeredOwner':
      if (record.registeredOwner !== undefined) {
        const address = record.registeredOwner.address === undefined ? undefined : coarse(record.registeredOwner.address, treatment);
        if (treatment === 'county' || treatment === 'state') {
          out.registeredOwner = { name: record.registeredOwner.name, ...(address === undefined ? {} : { address }) };
        }
      }
      break;
    case 'birthDate':
      if (treatment === 'year' && record.birthDate !== undefined) out.birthDate = record.birthDate.slice(0, 4);
      break;
    case 'licenceNumber':
      if (treatment === 'lastFour' && record.licenceNumber !== undefined) {
        out.licenceNumber = { ...record.licenceNumber, number: lastFour(record.licenceNumber.number) };
      }
      break;
    case 'ssn':
      if (treatment === 'lastFour' && record.ssn !== undefined) out.ssn = lastFour(record.ssn);
      break;
    case 'name':
      if (treatment === 'initials' && record.name !== undefined) out.name = initials(record.name);
      break;
    default:
      break;
  }
}

function put(out: Open, key: 'address', value: Address | undefined): void {
  if (value !== undefined) out[key] = value;
}

function coarse(address: Address, treatment: Treatment): Address | undefined {
  if (treatment === 'state') return { state: address.state };
  if (treatment === 'county') return address.county === undefined ? { state: address.state } : { county: address.county, state: address.state };
  return undefined;
}

/** At most half of a short number shows. */
function lastFour(number: string): string {
  const shown = Math.min(4, Math.floor(number.length / 2));
  return '*'.repeat(number.length - shown) + number.slice(number.length - shown);
}

function initials(name: PersonName): PersonName {
  return { surname: name.surname.slice(0, 1), given: name.given.slice(0, 1), middle: name.middle.slice(0, 1) };
}

/** Null where the picture cannot be read: what cannot be reduced is not given. */
async function reduced(picture: Picture, reducer: Reducer): Promise<Picture | null> {
  try {
    return { mediaType: 'image/png', bytes: await reducer.reduce(picture.bytes) };
  } catch {
    return null;
  }
}
