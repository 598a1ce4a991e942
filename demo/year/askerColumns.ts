import type { Asker } from './askers.ts';
import { groups, type Group } from './works.ts';
import { rhythmOf, rhythms } from './rhythm.ts';
import { zones } from './zones.ts';

/** What an asker can do, as bits. */
export const abilityBits = { asksForOthers: 1, hasShifts: 2, writesNames: 4 } as const;

/** The askers by column, in their order: what is read for each of millions of rows. */
export interface AskerColumns {
  readonly weight: Float64Array;
  readonly seat: Uint16Array;
  readonly habit: Uint16Array;
  /** `abilityBits`. */
  readonly abilities: Uint8Array;
  readonly users: Int32Array;
  readonly firstUser: Int32Array;
  readonly zone: Uint8Array;
  /** Rhythm and zone as one number: `rhythm * zones.length + zone`. */
  readonly clock: Uint8Array;
  readonly members: Readonly<Record<Group, Int32Array>>;
}

export function columnsOf(askers: readonly Asker[]): AskerColumns {
  const abilities = (asker: Asker): number => (asker.work === 'dispatch' ? abilityBits.asksForOthers : 0)
    | (asker.users >= 6 && rhythmOf(asker.work) !== 'office' ? abilityBits.hasShifts : 0) | (asker.writesNames ? abilityBits.writesNames : 0);
  return {
    weight: Float64Array.from(askers, ({ weight }) => weight), seat: Uint16Array.from(askers, ({ seat }) => seat), habit: Uint16Array.from(askers, ({ habit }) => habit),
    abilities: Uint8Array.from(askers, abilities), users: Int32Array.from(askers, ({ users }) => users), firstUser: Int32Array.from(askers, ({ firstUser }) => firstUser),
    zone: Uint8Array.from(askers, ({ zone }) => zone), clock: Uint8Array.from(askers, ({ work, zone }) => rhythms.indexOf(rhythmOf(work)) * zones.length + zone),
    members: Object.fromEntries(groups.map((group) => [group, Int32Array.from(askers.filter((asker) => asker.group === group), ({ index }) => index)])) as Record<Group, Int32Array>,
  };
}
