import type { DataClass } from '../../../vocabulary/index.ts';
import { isEmptyPlane, ruleWords } from '../../../policy/index.ts';
import { effectiveAccess, proveAll, type ClaimReport, type ProofBasis } from '../../../proof/index.ts';
import type { Party } from '../../archive/types.ts';
import { partyOf } from '../../parties.ts';
import type { StatTable } from '../../statistics/types.ts';
import type { InsightWorld } from '../../world.ts';
import { allParties } from '../compose/parties.ts';
import type { AccessInput, ClaimInput, PolicyInput } from '../input.ts';

/** The policy in force: its rules, who can get what by it against who asked, and which of its claims hold. Null where there is none. */
export async function policyInput(world: InsightWorld, owner: string, agencies: StatTable): Promise<PolicyInput | null> {
  const policy = await world.policy(owner);
  if (policy === null) return null;
  const { document, table, version, hash, since } = policy;
  const basis: ProofBasis = { document, table, network: world.network() };
  const inForce = new Set(table.rules.map(({ id }) => id));
  return {
    version, hash, since,
    rules: document.rules.filter(({ id }) => inForce.has(id)).map(({ id }) => ({ id, words: ruleWords(document, id) })),
    access: accessOf(basis, owner, new Set(agencies.rows.filter(({ n }) => n > 0).map(({ keys }) => keys[0] ?? ''))),
    claims: proveAll(basis).map(claimOf),
  };
}

/** What finds a person: the two kinds of data that people ask about. */
const classes: readonly DataClass[] = ['photo', 'address'];

function accessOf(basis: ProofBasis, owner: string, asked: ReadonlySet<string>): readonly AccessInput[] | null {
  const nodes = basis.network?.nodes ?? [];
  const found: AccessInput[] = [];
  for (const dataClass of classes) {
    const open = effectiveAccess(basis, { dataClass, world: 'honoured' });
    if (open === 'capped') return null;
    const able = nodes.filter(({ oris }, node) => oris.length > 0 && open[0] !== undefined && !isEmptyPlane(open[0].direct(node)));
    const silent = able.filter(({ oris }) => !oris.some((ori) => asked.has(ori)));
    const groups = new Map<Party, { n: number; readonly examples: string[] }>();
    for (const node of silent) {
      const party = partyOf(node.attributes(owner), owner);
      const group = groups.get(party) ?? { n: 0, examples: [] };
      groups.set(party, group);
      group.n += 1;
      if (group.examples.length < 3) group.examples.push(node.name);
    }
    found.push({
      dataClass, able: able.length, asked: able.length - silent.length, command: `weir access ${owner} --class ${dataClass}`,
      silent: allParties.flatMap((party) => { const group = groups.get(party); return group === undefined ? [] : [{ party, ...group }]; }),
    });
  }
  return found;
}

function claimOf({ claim, sentence, holds, verdicts }: ClaimReport): ClaimInput {
  const deciding = verdicts.find((one) => one.world === claim.world && one.domain === claim.domain) ?? verdicts[0];
  const capped = deciding?.holds === 'capped';
  return { id: claim.id, title: (claim.title ?? sentence).replace(/\.$/, ''), holds: capped ? 'capped' : holds, count: deciding?.count ?? null, example: holds ? null : (deciding?.counterexample?.obtainer.name ?? deciding?.who[0]?.name ?? null) };
}
