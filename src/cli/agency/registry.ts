import type { Ori } from '../../model/index.ts';
import type { Sql } from '../../store/index.ts';
import { exitCodes, VerbError } from '../verb.ts';

/**
 * Sees that the registry in force knows each ORI: a certificate for a mistyped one would speak for nobody, or for a stranger.
 * An empty registry, before the first import, knows none and stops nothing. Returns the name of each office it knows.
 */
export async function checkRegistered(sql: Sql, oris: readonly Ori[], anyway: boolean): Promise<Map<Ori, string>> {
  const wanted = oris.map((ori) => ori.trim().toUpperCase());
  const rows = await sql<{ ori: Ori; name: string; active: boolean }[]>`select ori, name, active from registry_office where to_version is null and ori = any(${wanted})`;
  const names = new Map(rows.map(({ ori, name }) => [ori, name]));
  const unknown = wanted.filter((ori) => !names.has(ori));
  if (unknown.length === 0 || anyway) return names;
  const [any] = await sql`select 1 from registry_version limit 1`;
  if (any === undefined) return names;
  throw new VerbError(exitCodes.usage, `the registry does not know ${unknown.map((ori) => `\`${ori.slice(0, 20)}\``).join(', ')}`,
    'Look for the right ORI, import the agency first (weir registry), or add --anyway.');
}
