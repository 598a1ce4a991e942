import type { Level, Mission } from '../../vocabulary/index.ts';

/** What an agency type of the FBI's list says, and no more: a mission that the type does not name stays undeclared. */
export interface AgencyType {
  readonly level: Level;
  readonly missions: readonly Mission[] | null;
  /** Directory type (Nlets ORION). */
  readonly office: string;
  /** True where the agency is a part of the government of its state. */
  readonly ofState: boolean;
}

const local = (level: Level, office: string): AgencyType => ({ level, missions: ['generalPolice'], office, ofState: false });

/**
 * The agency types of the FBI's list of law-enforcement agencies, in lower case (FBI Crime Data Explorer).
 * "Other State Agency" and "Other" are of many kinds, from bureaus of investigation to school districts: their mission is not guessed.
 */
export const agencyTypes: ReadonlyMap<string, AgencyType> = new Map([
  ['city', local('municipal', 'PD')],
  ['county', local('county', 'SO')],
  ['state police', { level: 'state', missions: ['generalPolice'], office: 'SA', ofState: true }],
  ['other state agency', { level: 'state', missions: null, office: 'SA', ofState: true }],
  ['university or college', local('campus', 'LE')],
  ['tribal', local('tribal', 'LE')],
  ['other', { level: 'special', missions: null, office: 'LE', ofState: false }],
  ['federal', { level: 'federal', missions: null, office: 'FE', ofState: false }],
]);
