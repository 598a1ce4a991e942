import { messageKeys } from '../vocabulary/index.ts';
import type { Inquiry } from '../model/index.ts';
import type { Rejection } from './admit.ts';
import type { ExchangeSettings } from './settings.ts';

/** The owners that an inquiry goes to, each once; `NL` is every owner that takes part. */
export function address(
  inquiry: Inquiry,
  owners: readonly string[],
  known: (owner: string) => boolean,
  settings: ExchangeSettings,
): { readonly owners: readonly string[]; readonly merged: boolean } | Rejection {
  const facts = messageKeys[inquiry.key];
  const chosen = new Set<string>();
  let merged = false;
  for (const destination of inquiry.destinations) {
    const region = facts.regional ? settings.regions[destination] : undefined;
    if (destination === 'NL' && facts.broadcast) {
      merged = true;
      for (const owner of owners) chosen.add(owner);
    } else if (region !== undefined) {
      merged = true;
      for (const owner of region) if (known(owner)) chosen.add(owner);
    } else if (known(destination)) chosen.add(destination);
    else return { code: 'badDestination', message: `no owner takes part under ${destination}`, at: 'destinations' };
  }
  if (chosen.size === 0) return { code: 'badDestination', message: 'no owner takes part in that region', at: 'destinations' };
  return { owners: [...chosen], merged };
}
