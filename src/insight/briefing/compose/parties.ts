import type { Party } from '../../archive/types.ts';
import { partyWords } from '../../parties.ts';

/** Groups of askers inside a sentence: short, for the long names stand in the tables. */
export const partyShort: Readonly<Record<Party, string>> = {
  immigration: 'ICE (with HSI)', border: 'CBP', otherFederal: 'other federal agencies', ownState: 'agencies of this state', otherState: 'agencies of other states',
  tribal: 'tribes', territorial: 'territories', private: 'private bodies', undeclared: 'askers that are not known',
};

export const allParties = Object.keys(partyWords) as readonly Party[];

/** Whether a group acts for the United States. */
export const federalParties: ReadonlySet<string> = new Set<Party>(['immigration', 'border', 'otherFederal']);
