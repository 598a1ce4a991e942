import { inventNetwork } from '../demo/network.ts';
import { demoPolicies } from '../demo/policies/index.ts';
import type { InsightWorld } from '../src/insight/world.ts';
import { checkPolicy, tableFor, type PolicyDocument, type PolicyTable } from '../src/policy/index.ts';
import { attributeSets, createSnapshot, networkOf } from '../src/registry/index.ts';

/** The invented network and its policies, as `weir start` has them in its database, without one. `at` is the instant of "in force", milliseconds since 1970. */
export function inventedWorld(at: number): InsightWorld {
  const content = inventNetwork();
  const registry = createSnapshot(content, 1, '0'.repeat(64));
  const organisations = new Map(content.organisations.map(({ id, name }) => [id, name]));
  const agencies = new Map(content.offices.map(({ ori, name }) => [ori, name]));
  const compile = (document: PolicyDocument, when: number): PolicyTable => tableFor(document, { at: when, known: attributeSets(registry, document.policy, new Date(when)) });
  let network: ReturnType<InsightWorld['network']> | null = null;
  return {
    names: { organisation: (id) => organisations.get(id) ?? null, agency: (ori) => agencies.get(ori) ?? null, rule: () => null },
    registry,
    network: () => (network ??= networkOf(registry, new Date(at))),
    policy: (owner) => {
      const checked = checkPolicy(demoPolicies().find((one) => one.owner === owner)?.text ?? '');
      if (!checked.ok) return Promise.resolve(null);
      const { document, hash } = checked;
      return Promise.resolve({ owner, version: document.version, hash, since: `${document.effective}T00:00:00.000Z`, document, table: compile(document, at) });
    },
    versions: () => Promise.resolve([]),
    compile,
    tableOf: () => Promise.resolve(null),
  };
}
