import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Network } from '../src/model/index.ts';
import { checkPolicy, tableFor, type Claim } from '../src/policy/index.ts';
import { proveInRegistry, type ProofBasis, type Verdict } from '../src/proof/index.ts';
import {
  confirmSuggestions, createSnapshot, emptyContent, hashContent, importAgreements, importFbi, importStates, readTable, suggestionsOf, type RegistryContent,
} from '../src/registry/index.ts';
import { networkOf } from '../src/registry/network.ts';
import { readTemplate, templateNames } from '../src/templates/index.ts';

/** The day on which the registries are read: every template is in force, and no agreement of the list of July 2025 has ended. */
const at = new Date('2025-12-01T12:00:00Z');
const listDate = '2025-07-18';

/** The same agencies three times: before the agreements, with them as an import leaves them, and with each confirmed by a person. */
export interface RealNetworks {
  readonly before: Network;
  readonly suggested: Network;
  readonly confirmed: Network;
  readonly agencies: number;
  readonly agreements: number;
}

/** What one claim of one template says in the three registries. `deciding` is the verdict in the world that the claim names. */
export interface RealClaim {
  readonly template: string;
  readonly claim: Claim;
  readonly verdicts: { readonly [N in 'before' | 'suggested' | 'confirmed']: { readonly deciding: Verdict; readonly possible: Verdict } };
  /** Agencies with an agreement that cannot be separated, which obtain the data themselves: the ways by which the claim broke. Null where it did not. */
  readonly ways: Verdict | null;
}

/** The published lists, which are no part of the repository; null where they are not beside it. */
export function realLists(): string | null {
  // From the sources and from the build: the lists lie beside the folder of the package.
  const found = ['../../shared/data', '../../../shared/data'].map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path));
  return found ?? null;
}

/**
 * The states, the FBI's agencies, and then the 287(g) agreements of July 2025. Every state and local agency is taken to have certified to
 * New York and Colorado: without that, their laws give nothing to anybody and their claims hold for want of a case.
 */
export function realNetworks(folder: string): RealNetworks {
  const list = (path: string) => readTable(readFileSync(join(folder, path)));
  const states = importStates(list('states/states.csv'), emptyContent, { file: 'states.csv' }).content;
  const agencies = certified(importFbi(list('agencies/us-le-agencies.csv'), states, { file: 'us-le-agencies.csv' }).content);
  const file = `participating-${listDate}.csv`;
  const { content: suggested, report } = importAgreements(list(`ice-287g/${file}`), agencies, { file, listDate });
  const confirmed = confirmSuggestions(suggested, suggestionsOf(suggested).map(({ id }) => id), { by: 'registry desk', on: listDate });
  const network = (content: RegistryContent): Network => networkOf(createSnapshot(content, 1, hashContent(content)), at);
  return { before: network(agencies), suggested: network(suggested), confirmed: network(confirmed), agencies: agencies.offices.length, agreements: report.added };
}

/** Every claim of every template, proved in the three registries. */
export function realClaims(networks: RealNetworks): readonly RealClaim[] {
  return templateNames().flatMap((template) => {
    const checked = checkPolicy(readTemplate(template) ?? '');
    if (!checked.ok) throw new Error(`the template ${template} is not sound`);
    const { document } = checked;
    const table = tableFor(document, { at: at.getTime() });
    const basis = (network: Network): ProofBasis => ({ document, table, network });
    return document.claims.map((claim): RealClaim => {
      const proved = (network: Network) => ({ deciding: proveInRegistry(basis(network), claim, claim.world), possible: proveInRegistry(basis(network), claim, 'possible') });
      const verdicts = { before: proved(networks.before), suggested: proved(networks.suggested), confirmed: proved(networks.confirmed) };
      const broke = verdicts.before.deciding.holds === true && verdicts.confirmed.deciding.holds === false;
      const ways = broke ? proveInRegistry(basis(networks.confirmed), { ...claim, kind: 'never', to: { program287g: ['taskForce'] }, by: 'direct' }, claim.world) : null;
      return { template, claim, verdicts, ways };
    });
  });
}

/** The claims as a Markdown table: what decides, then the world of everything possible in brackets. */
export function realTable(claims: readonly RealClaim[]): string {
  const said = ({ holds, count }: Verdict): string => (holds === true ? 'holds' : holds === false ? `fails: ${count ?? 0}` : 'capped');
  const cell = ({ deciding, possible }: RealClaim['verdicts']['before']): string => `${said(deciding)} (${said(possible)})`;
  const broken = ({ ways, verdicts }: RealClaim): string => {
    if (ways === null) return '';
    return `${ways.count ?? 0} agencies with task-force agreements; shown: ${verdicts.confirmed.deciding.counterexample?.asker.name ?? ''}`;
  };
  return [
    '| template | claim | agencies alone | agreements as suggested | agreements confirmed | broken by |',
    '|---|---|---|---|---|---|',
    ...claims.map((one) => `| ${one.template} | ${one.claim.id} ${one.claim.title ?? ''} | ${cell(one.verdicts.before)} | ${cell(one.verdicts.suggested)} | ${cell(one.verdicts.confirmed)} | ${broken(one)} |`),
  ].join('\n');
}

/** How many agencies of each state are joined to ICE so that the two cannot be told apart, the most first. */
export function inseparableByState(network: Network): ReadonlyMap<string, number> {
  const ends = new Set(network.edges.filter(({ kind, grade, confirmed }) => kind === 'program287g' && grade === 'inseparable' && confirmed).map(({ from }) => from));
  const counts = new Map<string, number>();
  for (const end of ends) {
    const state = network.nodes[end]?.attributes('WA').homeState ?? 'undeclared';
    counts.set(state, (counts.get(state) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}

function certified(content: RegistryContent): RegistryContent {
  const local = content.organisations.filter(({ level }) => level !== null && level !== 'federal');
  const rows = local.flatMap(({ id }) => (['NY', 'CO'] as const).map((owner) => ({ organisation: id, certification: 'noCivilImmigrationUse' as const, owner, since: '2025-01-01', until: '2025-12-31' })));
  return { ...content, certifications: [...content.certifications, ...rows] };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = realLists();
  if (folder === null) process.stderr.write('The published lists are not beside this repository: ../shared/data\n');
  else {
    const networks = realNetworks(folder);
    const { before, confirmed, agencies, agreements } = networks;
    process.stdout.write(`${agencies} agencies, ${before.nodes.length} organisations, ${before.edges.length} edges; then ${agreements} agreements: ${confirmed.edges.length} edges. In brackets: everything possible.\n\n${realTable(realClaims(networks))}\n\n`);
    process.stdout.write(`Agencies with task-force agreements by state: ${[...inseparableByState(confirmed)].map(([state, count]) => `${state} ${count}`).join(', ')}\n`);
  }
}
