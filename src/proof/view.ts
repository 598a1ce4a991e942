import type { RequesterAttributes } from '../vocabulary/index.ts';
import type { Network } from '../model/index.ts';
import type { Matcher, PolicyTable } from '../policy/index.ts';
import { graphOf, type Graph } from './graph.ts';
import { mayMatch, surelyMatches } from './mayMatch.ts';
import type { Party } from './types.ts';

/**
 * A network as one owner's policy sees it. Organisations with equal attributes share a number (their profile), so that whatever
 * depends on attributes alone is worked out once for each of a few thousand profiles, and read by number for each organisation.
 */
export interface View {
  readonly network: Network;
  readonly table: PolicyTable;
  readonly graph: Graph;
  /** For each node the number of its attributes in `profiles`. */
  readonly profileOf: Uint32Array;
  readonly profiles: readonly RequesterAttributes[];
  /** For each profile its class in the table. */
  readonly classOf: Uint32Array;
  /** The classes that occur, each once. */
  readonly classes: readonly number[];
  /** 1 for a node with an active ORI: one that can ask. */
  readonly asks: Uint8Array;
  /** For each profile 1 where a node that can ask has it. */
  readonly profileAsks: Uint8Array;
  /** For each profile 1 where it may be one that the matcher means. */
  may(to: Matcher): Uint8Array;
  /** For each profile 1 where it surely is. */
  surely(to: Matcher): Uint8Array;
}

const known = new WeakMap<Network, WeakMap<PolicyTable, View>>();

/** The view of a table on a network, made once for the two. */
export function viewOf(network: Network, table: PolicyTable): View {
  let views = known.get(network);
  if (views === undefined) known.set(network, (views = new WeakMap<PolicyTable, View>()));
  let view = views.get(table);
  if (view === undefined) views.set(table, (view = build(network, table)));
  return view;
}

/** An organisation as a report names it. */
export function partyOf({ network }: View, node: number): Party {
  const found = network.nodes[node];
  if (found === undefined) throw new RangeError(`there is no node ${node}`);
  return { organisation: found.id, name: found.name, ori: found.oris[0] ?? null };
}

function build(network: Network, table: PolicyTable): View {
  const found = profilesOf(network, table.owner);
  const classOf = new Uint32Array(found.profiles.map((attributes) => table.classOf(attributes)));
  return { ...found, network, table, graph: graphOf(network), classOf, classes: [...new Set(classOf)] };
}

type Profiles = Pick<View, 'profileOf' | 'profiles' | 'asks' | 'profileAsks' | 'may' | 'surely'>;

const knownProfiles = new WeakMap<Network, Map<string, Profiles>>();

/** The profiles of a network towards one owner: only certifications make them differ between owners, so tables of one owner share them. */
export function profilesOf(network: Network, owner: string): Profiles {
  let owners = knownProfiles.get(network);
  if (owners === undefined) knownProfiles.set(network, (owners = new Map<string, Profiles>()));
  let found = owners.get(owner);
  if (found === undefined) owners.set(owner, (found = findProfiles(network, owner)));
  return found;
}

function findProfiles({ nodes }: Network, owner: string): Profiles {
  const numbers = new Map<RequesterAttributes, number>();
  const profileOf = new Uint32Array(nodes.length);
  const asks = new Uint8Array(nodes.length);
  nodes.forEach((node, place) => {
    const attributes = node.attributes(owner);
    let number = numbers.get(attributes);
    if (number === undefined) numbers.set(attributes, (number = numbers.size));
    profileOf[place] = number;
    asks[place] = node.oris.length > 0 ? 1 : 0;
  });
  const profiles = [...numbers.keys()];
  const profileAsks = new Uint8Array(profiles.length);
  asks.forEach((bit, node) => { if (bit === 1) profileAsks[profileOf[node] ?? 0] = 1; });
  return { profileOf, profiles, asks, profileAsks, may: matcherBook(profiles, mayMatch), surely: matcherBook(profiles, surelyMatches) };
}

/** Whom a matcher means, by what it says: a claim names the same agencies in several slots, and several claims do. */
function matcherBook(profiles: readonly RequesterAttributes[], test: (attributes: RequesterAttributes, to: Matcher) => boolean): (to: Matcher) => Uint8Array {
  const found = new Map<string, Uint8Array>();
  return (to) => {
    const key = JSON.stringify(to);
    let mask = found.get(key);
    if (mask === undefined) found.set(key, (mask = Uint8Array.from(profiles, (attributes) => (test(attributes, to) ? 1 : 0))));
    return mask;
  };
}

/** For each profile what its class in the table has: each class is asked once. */
export function byClass<T extends Uint8Array | Uint32Array>({ classes, classOf }: View, made: T, of: (agencyClass: number) => number): T {
  const found: number[] = [];
  for (const agencyClass of classes) found[agencyClass] = of(agencyClass);
  for (let profile = 0; profile < made.length; profile += 1) made[profile] = found[classOf[profile] ?? 0] ?? 0;
  return made;
}
