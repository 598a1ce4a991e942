import { jurisdictions, type Jurisdiction } from '../../vocabulary/index.ts';
import type { Organisation } from '../model.ts';

const territories: ReadonlySet<Jurisdiction> = new Set(['AS', 'GU', 'MP', 'PR', 'VI']);

/** An organisation of which nothing is declared but what is given. */
export function blank(id: string, name: string, given: Partial<Organisation> = {}): Organisation {
  return {
    id, name, parent: null, level: null, department: null, component: null, homeState: null, missions: null, criminalJustice: null, audit: null, invented: false,
    ...given,
  };
}

/** The government of a state or territory, above its state agencies. Cities and counties are no parts of it: they stand on their own, with a home state. */
export function stateOrganisation(state: Jurisdiction, name: string = jurisdictions[state]): Organisation {
  return blank(state.toLowerCase(), name, { level: levelOfState(state), homeState: state });
}

/** `territorial` for the five territories; the District of Columbia counts as a state, as in 18 USC 2725. */
export function levelOfState(state: Jurisdiction): 'state' | 'territorial' {
  return territories.has(state) ? 'territorial' : 'state';
}

/** Adds the rows that are not there yet; those that are there stay as they are. Returns the ids of what was added. */
export function addMissing(organisations: Map<string, Organisation>, rows: readonly Organisation[]): readonly string[] {
  const missing = rows.filter((row) => !organisations.has(row.id));
  for (const row of missing) organisations.set(row.id, row);
  return missing.map((row) => row.id);
}
