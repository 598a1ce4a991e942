import type { Jurisdiction, RequesterAttributes } from '../vocabulary/index.ts';
import type { Party } from './archive/types.ts';

/**
 * The group by which people speak of an asker, as one owner sees it: each asker is in exactly one. All of it comes from the registry, never from
 * the letters of an ORI. `immigration` is ICE with all its parts; CBP and its parts are `border`, whatever their mission, because the two are asked about apart.
 */
export function partyOf(asker: RequesterAttributes, owner: string): Party {
  const { component, level } = asker;
  if (component.includes('ICE') || component.includes('ERO') || component.includes('HSI')) return 'immigration';
  if (component.includes('CBP') || component.includes('OFO') || component.includes('USBP') || component.includes('AMO')) return 'border';
  switch (level) {
    case 'federal': return asker.mission.includes('immigrationEnforcement') ? 'immigration' : 'otherFederal';
    case 'tribal': case 'territorial': case 'private': case 'undeclared': return level;
    case 'state': case 'county': case 'municipal': case 'campus': case 'special': return asker.homeState === (owner as Jurisdiction) ? 'ownState' : asker.homeState === 'undeclared' ? 'undeclared' : 'otherState';
  }
}

/** In the order in which they are shown, with their names for people. */
export const partyWords: Readonly<Record<Party, string>> = {
  immigration: 'Immigration and Customs Enforcement (ICE, with HSI)',
  border: 'Customs and Border Protection (CBP)',
  otherFederal: 'other federal agencies',
  ownState: 'agencies of this state',
  otherState: 'agencies of other states',
  tribal: 'tribal agencies',
  territorial: 'agencies of territories',
  private: 'private bodies',
  undeclared: 'agencies that the registry does not know',
};
