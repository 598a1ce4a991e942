import { affiliationKinds, inferenceEdges, namesOf, type AffiliationKind, type DataClass, type RequesterAttributes } from '../vocabulary/index.ts';
import { classesOf, type Claim, type ProofWorld } from '../policy/index.ts';
import { no, type Node } from './bdd.ts';
import type { OpenBasis } from './openBasis.ts';
import { ownGrants, revealersOf } from './openGrants.ts';
import { onwardFor } from './passes.ts';
import type { SchemaPoint } from './schemaSpace.ts';

/** A request, and the hops by which what it obtained, or what that reveals, comes to somebody. */
export interface Chain {
  readonly asker: SchemaPoint;
  /** The class that was asked for, and the class that arrives. */
  readonly through: DataClass;
  readonly dataClass: DataClass;
  readonly steps: readonly { readonly kind: AffiliationKind; readonly to: RequesterAttributes; readonly rules: readonly string[] }[];
}

/** One class of data on its way. A class that reveals another is a layer of its own: it is asked for and passed on by rules of its own. */
interface Layer {
  readonly dataClass: DataClass;
  readonly wanted: boolean;
  /** Layers of classes that reveal this one. */
  readonly revealedBy: readonly number[];
  /** Where a request obtains it, in one of the contexts that matter, the plainest first. */
  readonly grants: readonly Node[];
  /** By kind, who may receive it; `no` where nobody. */
  readonly receivers: ReadonlyMap<AffiliationKind, Node>;
  /** After each round of hops, all the agencies that have it. */
  readonly rounds: Node[];
}

/**
 * A shortest chain by which one of `obtainers` comes to have the data, where every request on the way has one of `contexts`; null where there is none.
 * A least fixpoint, so that chains of any length are looked at: what two of the kinds read of the giver is its level only, and so it ends soon.
 */
export function chainsTo(open: OpenBasis, claim: Claim, world: ProofWorld, obtainers: Node, contexts: Node): Chain | null {
  const { space } = open.policy;
  const { bdd } = space;
  if (contexts === no || obtainers === no) return null;
  const layers = layersOf(open, claim, world, contexts);
  for (let round = 0; ; round += 1) {
    const before = layers.map(({ rounds }) => rounds.at(-1) ?? no);
    layers.forEach((layer) => { layer.rounds.push(round === 0 ? asked(open, layer) : bdd.or(layer.rounds.at(-1) ?? no, received(open, layer, layer.rounds.at(-1) ?? no))); });
    reveal(open, layers);
    const place = layers.findIndex((layer) => layer.wanted && bdd.and(layer.rounds.at(-1) ?? no, obtainers) !== no);
    if (place >= 0) return chainBack(open, layers, place, round, obtainers);
    if (round > 0 && layers.every(({ rounds }, i) => rounds.at(-1) === before[i])) return null;
  }
}

function layersOf(open: OpenBasis, claim: Claim, world: ProofWorld, contexts: Node): readonly Layer[] {
  const { bdd } = open.policy.space;
  const classes = classesOf(claim.data);
  const plan = classes.map((dataClass) => ({ dataClass, wanted: true, form: claim.form }));
  for (const dataClass of new Set(classes.flatMap(revealersOf))) plan.push({ dataClass, wanted: false, form: 'full' });
  return plan.map(({ dataClass, wanted, form }) => ({
    dataClass, wanted,
    revealedBy: plan.flatMap((other, i) => (!other.wanted && inferenceEdges.some(({ from, gives }) => from === other.dataClass && gives === dataClass) ? [i] : [])),
    grants: ownGrants(open.policy, claim, dataClass, form).map(({ where }) => bdd.all([open.policy.space.agencies, contexts, where])),
    receivers: new Map(namesOf(affiliationKinds).map((kind) => [kind, receiversOf(open, dataClass, kind, world, contexts)])),
    rounds: [],
  }));
}

/** Who may receive a class along a kind of edge, what the kind itself asks of giver and receiver aside. */
function receiversOf(open: OpenBasis, dataClass: DataClass, kind: AffiliationKind, world: ProofWorld, contexts: Node): Node {
  const { space } = open.policy;
  if (world === 'possible') return space.agencies;
  const rules = onwardFor(open, dataClass, kind);
  if (rules.length === 0 || rules.some(({ allow }) => allow === 'never')) return no;
  const conditions = rules.flatMap(({ allow }) => (typeof allow === 'string' ? [] : [allow]));
  // Each hop has papers of its own: it is enough that some request could have them, of those that break the claim.
  if (space.bdd.all([contexts, ...conditions.map((one) => space.inContext(one))]) === no) return no;
  return space.bdd.all([space.agencies, ...conditions.flatMap(({ to }) => (to === undefined ? [] : [space.surelyMatches(to)]))]);
}

/** Who obtains the class by a request of their own. */
function asked({ policy: { space } }: OpenBasis, { grants }: Layer): Node {
  return space.inSomeContext(space.bdd.any(grants));
}

/** Who receives it in one hop, of any kind, from one of the givers. */
function received(open: OpenBasis, layer: Layer, givers: Node): Node {
  return open.policy.space.bdd.any([...layer.receivers.keys()].map((kind) => receivedBy(open, layer, givers, kind)));
}

function receivedBy({ policy: { space } }: OpenBasis, { receivers }: Layer, givers: Node, kind: AffiliationKind): Node {
  const to = receivers.get(kind) ?? no;
  // From nobody comes nothing, also not to somebody who could be joined to anybody.
  return givers === no || to === no ? no : space.bdd.and(to, joinedTo(space, givers, kind));
}

/** Who can be joined by a kind of edge to one of the givers. What is undeclared could be what the edge needs. */
function joinedTo(space: OpenBasis['policy']['space'], givers: Node, kind: AffiliationKind): Node {
  const { bdd } = space;
  const unknown = space.has('level', ['undeclared']);
  if (kind === 'component') {
    const levels = space.projected(givers, 'level');
    return bdd.and(givers, unknown) === no ? bdd.or(levels, unknown) : space.agencies;
  }
  if (kind === 'program287g') return bdd.without(givers, space.has('level', ['federal'])) === no ? no : space.has('level', ['federal', 'undeclared']);
  return space.agencies;
}

/** Who can give along a kind of edge to this receiver. */
function giversTo(space: OpenBasis['policy']['space'], receiver: RequesterAttributes, kind: AffiliationKind): Node {
  if (kind === 'component') return receiver.level === 'undeclared' ? space.agencies : space.has('level', [...space.alike('level', receiver.level), 'undeclared']);
  if (kind === 'program287g') return space.bdd.without(space.agencies, space.has('level', ['federal']));
  return space.agencies;
}

/** Whoever has a class in full has what it reveals. Layers that reveal are planned after what they reveal, so a few rounds settle it. */
function reveal({ policy: { space } }: OpenBasis, layers: readonly Layer[]): void {
  for (let changed = true; changed;) {
    changed = false;
    for (const { rounds, revealedBy } of layers) {
      const last = rounds.at(-1) ?? no;
      const all = space.bdd.any([last, ...revealedBy.map((i) => layers[i]?.rounds.at(-1) ?? no)]);
      if (all !== last) {
        rounds[rounds.length - 1] = all;
        changed = true;
      }
    }
  }
}

/** The chain from its end back to the request. `place` and `round` say where an obtainer first has the data. */
function chainBack(open: OpenBasis, layers: readonly Layer[], place: number, round: number, obtainers: Node): Chain {
  const { space } = open.policy;
  const { bdd } = space;
  const steps: Chain['steps'][number][] = [];
  const end = layerAt(layers, place);
  let [at, layer, wanted] = [round, end, obtainers];
  for (;;) {
    // Who first has it by being revealed has it by the layer that reveals it.
    const has = bdd.and(layer.rounds[at] ?? no, wanted);
    const holder = space.point(has);
    if (holder === null) throw new Error('a chain leads to nobody');
    const givers = (one: Layer): Node => one.rounds[at - 1] ?? no;
    const source = sourceOf(layers, layer, (one) => space.holds(at === 0 ? asked(open, one) : received(open, one, givers(one)), holder));
    if (at === 0) {
      const grant = source.grants.map((one) => bdd.and(one, space.exactly(holder.attributes))).find((one) => one !== no);
      const asker = grant === undefined ? null : space.point(grant);
      if (asker === null) throw new Error('a chain begins with no request');
      return { asker: { attributes: holder.attributes, context: asker.context }, through: source.dataClass, dataClass: end.dataClass, steps };
    }
    const kind = [...source.receivers.keys()].find((one) => space.holds(receivedBy(open, source, givers(source), one), holder));
    if (kind === undefined) throw new Error('a chain has a hop of no kind');
    steps.unshift({ kind, to: holder.attributes, rules: onwardFor(open, source.dataClass, kind).map(({ id }) => id).sort() });
    wanted = giversTo(space, holder.attributes, kind);
    layer = source;
    at -= 1;
    while (at > 0 && bdd.and(layer.rounds[at - 1] ?? no, wanted) !== no) at -= 1;
  }
}

/** The layer in which somebody came to have it: this one, or one that reveals it. */
function sourceOf(layers: readonly Layer[], layer: Layer, came: (layer: Layer) => boolean): Layer {
  const queue = [layer];
  for (const one of queue) {
    if (came(one)) return one;
    queue.push(...one.revealedBy.map((i) => layerAt(layers, i)).filter((other) => !queue.includes(other)));
  }
  throw new Error('a chain has data that came from nowhere');
}

function layerAt(layers: readonly Layer[], i: number): Layer {
  const layer = layers[i];
  if (layer === undefined) throw new RangeError(`there is no layer ${i}`);
  return layer;
}
