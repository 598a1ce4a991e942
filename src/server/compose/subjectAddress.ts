import type { Sources } from '../../exchange/index.ts';
import type { RecordData, Subject } from '../../model/index.ts';

/**
 * Where the person lives whom a request was about, by the owner's own records: for a notice that the owner sends, and nothing else. Null where there is no one such person: a search by a name
 * alone, or by part of a plate. Rejects where the records cannot be reached.
 */
export function subjectAddress(sources: Sources): (owner: string, subject: Subject) => Promise<{ readonly name: string; readonly address: readonly string[] } | null> {
  return async (owner, subject) => {
    const source = sources.of(owner);
    if (source === null || subject.kind === 'name' || subject.kind === 'owner' || subject.kind === 'partialPlate') return null;
    const found = await source.lookup({ key: subject.kind === 'plate' || subject.kind === 'vin' ? 'RQ' : 'DQ', subject, classes: ['name', 'address', 'registeredOwner'], limit: 2 });
    if (found.status === 'unavailable') throw new Error(`the records of ${owner} cannot be reached (${found.why})`);
    return found.status === 'found' && found.records.length === 1 ? addressIn(found.records[0]) : null;
  };
}

function addressIn(record: RecordData | undefined): { readonly name: string; readonly address: readonly string[] } | null {
  const name = record?.name ?? record?.registeredOwner?.name;
  const address = record?.address ?? record?.registeredOwner?.address;
  if (name === undefined || address === undefined) return null;
  const { street, city, state, zip } = address;
  return { name: [name.given, name.middle, name.surname].filter((part) => part !== '').join(' '), address: [street, [city, state, zip].filter((part) => part !== undefined && part !== '').join(' ')].filter((line): line is string => line !== undefined && line !== '') };
}
