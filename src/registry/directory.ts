import type { RegistrySnapshot } from '../exchange/ports.ts';
import type { DirectoryEntry, Ori } from '../model/index.ts';
import { isJurisdiction } from '../vocabulary/index.ts';
import type { Office } from './model.ts';

type Ask = RegistrySnapshot['directory'];

/** The address of a search by role over the whole directory (Nlets ORION). */
const everywhere = 'OD';

/**
 * Answers a directory query: one ORI, or the offices of a place in the order of their ORIs. A place is the code of a
 * jurisdiction, `OD` for everywhere, or (an extension) a county or the beginning of a name. Inactive offices are listed as such.
 */
export function createDirectory(offices: readonly Office[]): Ask {
  const byOri = new Map<Ori, Office>(offices.map((office) => [office.ori, office]));
  let sorted: readonly Office[] | null = null;
  const all = (): readonly Office[] => (sorted ??= [...offices].sort((a, b) => (a.ori < b.ori ? -1 : 1)));
  return (by, limit) => {
    if (by.kind === 'ori') {
      const office = byOri.get(by.ori);
      return { entries: office === undefined || limit < 1 ? [] : [entryOf(office)], more: office !== undefined && limit < 1 };
    }
    const stands = standsIn(by.place.trim().toUpperCase());
    const entries: DirectoryEntry[] = [];
    for (const office of all()) {
      if ((by.type !== null && office.type !== by.type) || !stands(office)) continue;
      if (entries.length >= limit) return { entries, more: true };
      entries.push(entryOf(office));
    }
    return { entries, more: false };
  };
}

/** The place comes from a message: it is compared, never used as a pattern. An empty place matches nothing. */
function standsIn(place: string): (office: Office) => boolean {
  if (place === everywhere) return () => true;
  if (place.length === 2 || isJurisdiction(place)) return (office) => office.state === place;
  if (place === '') return () => false;
  return (office) => office.county?.toUpperCase() === place || office.name.toUpperCase().startsWith(place);
}

function entryOf(office: Office): DirectoryEntry {
  return { ori: office.ori, name: office.name, type: office.type, state: office.state, active: office.active };
}
