import type { DutiesParts } from '../../duties/index.ts';
import type { Sources } from '../../exchange/ports.ts';
import type { Address, RecordData, Subject } from '../../model/index.ts';
import type { InquiryKey } from '../../vocabulary/index.ts';

/**
 * To whom a notice goes, out of the owner's own records: asked by the very subject of the request. Null where none or more than one record answers, because a letter to a stranger would tell of
 * another person's request. Rejects where the records cannot be reached.
 */
export function subjectAddressOf(sources: Sources): DutiesParts['subjectAddress'] {
  return async (owner, subject) => {
    const source = sources.of(owner);
    const asked = keyOf(subject);
    if (source === null || asked === null) return null;
    const classes = asked === 'RQ' ? ['registeredOwner'] as const : ['name', 'address'] as const;
    const found = await source.lookup({ key: asked, subject, classes, limit: 2 });
    if (found.status === 'unavailable') throw new Error(`the records of ${owner} cannot be reached: ${found.why}`);
    const [record] = found.status === 'found' && !found.more && found.records.length === 1 ? found.records : [];
    return record === undefined ? null : partyOf(record);
  };
}

/** A search by a part of a plate, or for all of a name, is about nobody in particular. */
function keyOf({ kind }: Subject): InquiryKey | null {
  if (kind === 'licence' || kind === 'person') return 'DQ';
  return kind === 'plate' || kind === 'vin' ? 'RQ' : null;
}

function partyOf(record: RecordData): { readonly name: string; readonly address: readonly string[] } | null {
  const person = record.registeredOwner?.name ?? record.name;
  const name = person === undefined ? '' : [person.given, person.middle, person.surname].filter((part) => part !== '').join(' ');
  const address = record.registeredOwner?.address ?? record.address;
  if (name === '' || address === undefined) return null;
  const lines = linesOf(address);
  return lines === null ? null : { name, address: lines };
}

/** A letter needs a street. */
function linesOf({ street, city, state, zip }: Address): readonly string[] | null {
  return street === undefined || street === '' ? null : [street, [city, state, zip].filter((part) => part !== undefined && part !== '').join(' ')];
}
