import { isJurisdiction, jurisdictions, type Jurisdiction } from '../../vocabulary/index.ts';

/** NCIC and FBI codes that differ from the postal ones (FBI: Nebraska NB, Guam GM; `FS` is used for federal agencies). */
const fbiCodes: Readonly<Record<string, string>> = { NB: 'NE', GM: 'GU', FS: 'US' };
const byName: ReadonlyMap<string, Jurisdiction> = new Map(Object.entries(jurisdictions).map(([code, name]) => [name.toUpperCase(), code as Jurisdiction]));

/** The state that a cell names: a postal code, an FBI code or a name; `US` for federal agencies; null for anything else. */
export function readState(cell: string): Jurisdiction | 'US' | null {
  const text = cell.trim().toUpperCase();
  const code = fbiCodes[text] ?? text;
  if (code === 'US') return 'US';
  return isJurisdiction(code) ? code : (byName.get(text) ?? null);
}
