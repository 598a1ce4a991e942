import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InsightWorld, PolicyOf } from '../../insight/world.ts';
import { checkPolicy, loadTable, ruleSentence, tableFor, type PolicyDocument, type PolicyTable } from '../../policy/index.ts';
import { attributeSets, networkOf } from '../../registry/index.ts';
import { listPolicies, readPolicy } from '../../store/policies.ts';
import { readTable } from '../../store/policyTables.ts';
import type { Sql } from '../../store/index.ts';
import { ProofLibrary } from '../proof/library.ts';

/** One version as it was in force, out of the store or out of the folder of a data set. */
interface Version {
  readonly version: number;
  readonly hash: string;
  readonly since: string;
  readonly document: PolicyDocument | null;
}

/**
 * What a reading of the archive looks up in the store: names, the registry, policies in force and their tables. `dataset` is the folder of a data set that
 * brings policies of its own, as an invented year does. `at` is the instant of which "in force" speaks, milliseconds since 1970.
 */
export async function openWorld(sql: Sql, options: { readonly owners: readonly string[]; readonly dataset: string | null; readonly at: number }): Promise<InsightWorld> {
  const { owners, dataset, at } = options;
  const library = new ProofLibrary(sql, () => at);
  const registry = await library.snapshot();
  const organisations = new Map(registry.content.organisations.map(({ id, name }) => [id, name]));
  const agencies = new Map(registry.content.offices.map(({ ori, name }) => [ori, name]));
  const versions = new Map<string, readonly Version[]>();
  for (const owner of owners) versions.set(owner, await versionsOf(sql, owner, dataset));
  const rules = new Map<string, string>();
  for (const [owner, all] of versions) for (const { document } of all) if (document !== null) addRules(rules, owner, document);
  const compile = (document: PolicyDocument, when: number): PolicyTable => tableFor(document, { at: when, known: attributeSets(registry, document.policy, new Date(when)) });
  let network: ReturnType<InsightWorld['network']> | null = null;
  return {
    names: {
      organisation: (id) => organisations.get(id) ?? null,
      agency: (ori) => agencies.get(ori) ?? null,
      rule: (owner, id) => rules.get(`${owner} ${id}`) ?? null,
    },
    registry,
    network: () => (network ??= networkOf(registry, new Date(at))),
    policy: async (owner) => {
      const named = await library.policy(owner);
      if (named === null) return null;
      // The network was made for the basis: whoever proves on this world reads the same one.
      const { table, network: made } = await library.basis(named);
      network ??= made;
      const { hash, document } = named;
      const since = versions.get(owner)?.find((one) => one.hash === hash)?.since ?? `${document.effective}T00:00:00.000Z`;
      return { owner, version: document.version, hash, since, document, table } satisfies PolicyOf;
    },
    versions: (owner) => Promise.resolve((versions.get(owner) ?? []).map(({ version, hash, since }) => ({ version, hash, since }))),
    compile,
    tableOf: async (hash) => (await readTable(sql, hash)) ?? tableIn(dataset, owners, hash),
  };
}

/** Of the store, and of the data set, oldest first. */
async function versionsOf(sql: Sql, owner: string, dataset: string | null): Promise<readonly Version[]> {
  const own = dataset === null ? [] : await versionsIn(join(dataset, `owner=${owner}`));
  if (own.length > 0) return own;
  const found: Version[] = [];
  for (const { version, hash, activatedAt, effective } of await listPolicies(sql, owner)) {
    const stored = await readPolicy(sql, owner, version);
    const checked = stored === null ? null : checkPolicy(stored.text);
    const since = new Date(Math.max(activatedAt.getTime(), Date.parse(effective))).toISOString();
    found.push({ version, hash, since, document: checked?.ok === true ? checked.document : null });
  }
  return found.sort((a, b) => a.version - b.version);
}

/** `policies.json` and the texts beside it: the policies by which an invented year was decided. */
async function versionsIn(folder: string): Promise<readonly Version[]> {
  const list = join(folder, 'policies.json');
  if (!existsSync(list)) return [];
  const rows = JSON.parse(await readFile(list, 'utf8')) as readonly Omit<Version, 'document'>[];
  return Promise.all(rows.map(async ({ version, hash, since }) => {
    const checked = checkPolicy(await readFile(join(folder, 'policies', `${version}.yaml`)));
    return { version, hash, since, document: checked.ok ? checked.document : null };
  }));
}

function addRules(rules: Map<string, string>, owner: string, document: PolicyDocument): void {
  for (const rule of document.rules) rules.set(`${owner} ${rule.id}`, rule.title ?? ruleSentence(rule));
  for (const limit of document.limits) rules.set(`${owner} ${limit.id}`, limit.title ?? limit.id);
}

/** A table that a data set brings along, by its hash, which says what the bytes are; null where it does not. */
async function tableIn(dataset: string | null, owners: readonly string[], hash: string): Promise<PolicyTable | null> {
  if (dataset === null || !/^[0-9a-f]{64}$/.test(hash)) return null;
  for (const owner of owners) {
    const file = join(dataset, `owner=${owner}`, 'policies', `${hash}.table.json`);
    if (!existsSync(file)) continue;
    const table = loadTable(await readFile(file, 'utf8'));
    if (table.hash === hash) return table;
  }
  return null;
}
