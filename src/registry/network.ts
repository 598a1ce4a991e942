import type { Network, NetworkEdge, NetworkNode, Ori } from '../model/index.ts';
import { mutualKinds, type Level } from '../vocabulary/index.ts';
import { dayOf, inForce, textOfDay } from './days.ts';
import type { Affiliation, Organisation } from './model.ts';
import type { ContentSnapshot } from './snapshot.ts';

/**
 * The organisations of a snapshot and the edges in force on the day of `at` (UTC), as proofs read them. Nodes stand in the order of their
 * ids and edges in that of their ends, so that a proof says the same whatever order the rows came in. Between a part and its whole
 * of the same level there is an edge of kind `component` each way: what one has the other can ask for; a task force and a shared ORI too go both ways, whichever way they were written down. Attributes are derived
 * when they are first asked for, and are the very objects that the snapshot gives the live path.
 */
export function networkOf(snapshot: ContentSnapshot, at: Date): Network {
  const day = textOfDay(dayOf(at));
  const organisations = [...snapshot.content.organisations].sort((a, b) => compare(a.id, b.id));
  const place = new Map(organisations.map((row, index) => [row.id, index]));
  const recorded = snapshot.content.affiliations.flatMap((row) => edgeOf(row, place, day));
  return {
    registryVersion: snapshot.version,
    registryHash: snapshot.hash,
    day,
    nodes: organisations.map((row) => new OrganisationNode(snapshot, row, at)),
    edges: [...recorded, ...wayBack(recorded), ...treeEdges(organisations, place)].sort(inOrder),
  };
}

class OrganisationNode implements NetworkNode {
  readonly id: string;
  readonly name: string;
  readonly oris: readonly Ori[];
  readonly #snapshot: ContentSnapshot;
  readonly #at: Date;

  constructor(snapshot: ContentSnapshot, { id, name }: Organisation, at: Date) {
    this.id = id;
    this.name = name;
    this.oris = (snapshot.index.officesOf.get(id) ?? []).filter(({ active }) => active).map(({ ori }) => ori).sort();
    this.#snapshot = snapshot;
    this.#at = at;
  }

  attributes(owner: string): ReturnType<NetworkNode['attributes']> {
    return this.#snapshot.attributesOf(this.id, owner, this.#at);
  }
}

/** Nothing where the edge is not in force. An end that is no organisation is refused by `checkContent`. */
function edgeOf(row: Affiliation, place: ReadonlyMap<string, number>, day: string): readonly NetworkEdge[] {
  const [from, to] = [place.get(row.from), place.get(row.to)];
  if (!inForce(row, day) || from === undefined || to === undefined || from === to) return [];
  const { kind, grade, confirmed, since, until } = row;
  return [{ kind, from, to, grade, confirmed, provenance: `${row.provenance}, in force from ${since}${until === null ? '' : ` to ${until}`}`, since, until }];
}

/** The other direction of what joins two bodies alike, where no row says it: a list that names each pair once must not hide a way. */
function wayBack(recorded: readonly NetworkEdge[]): readonly NetworkEdge[] {
  const key = ({ kind, grade, confirmed }: NetworkEdge, from: number, to: number): string => `${kind} ${from} ${to} ${grade} ${confirmed}`;
  const mutual = recorded.filter(({ kind }) => mutualKinds.has(kind));
  const known = new Set(mutual.map((edge) => key(edge, edge.from, edge.to)));
  return mutual.filter((edge) => !known.has(key(edge, edge.to, edge.from))).map((edge) => ({ ...edge, from: edge.to, to: edge.from }));
}

function treeEdges(organisations: readonly Organisation[], place: ReadonlyMap<string, number>): readonly NetworkEdge[] {
  const levelAt = levelsOf(organisations, place);
  return organisations.flatMap((part, index): readonly NetworkEdge[] => {
    const above = place.get(part.parent ?? '');
    const whole = above === undefined ? undefined : organisations[above];
    if (above === undefined || whole === undefined || above === index || levelAt(index) !== levelAt(above)) return [];
    const edge = { kind: 'component', grade: 'contractOnly', confirmed: true, provenance: `${part.name} is a part of ${whole.name} in the registry`, since: null, until: null } as const;
    return [{ ...edge, from: index, to: above }, { ...edge, from: above, to: index }];
  });
}

/** The level of each organisation, its own or the nearest above it, worked out once for each: `levelOf` of every lineage. */
function levelsOf(organisations: readonly Organisation[], place: ReadonlyMap<string, number>): (index: number) => Level {
  const known: (Level | undefined)[] = [];
  const levelAt = (index: number): Level => {
    const level = known[index];
    if (level !== undefined) return level;
    known[index] = 'undeclared';
    const row = organisations[index];
    const above = place.get(row?.parent ?? '');
    return (known[index] = row?.level ?? (above === undefined ? 'undeclared' : levelAt(above)));
  };
  return levelAt;
}

function inOrder(a: NetworkEdge, b: NetworkEdge): number {
  return a.from - b.from || a.to - b.to || compare(a.kind, b.kind) || compare(a.since ?? '', b.since ?? '') || compare(a.provenance, b.provenance);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
