import type { Requester, RegistrySnapshot } from '../exchange/ports.ts';
import type { Ori } from '../model/index.ts';
import type { RequesterAttributes } from '../vocabulary/index.ts';
import { dayOf, dayOfText, inForce, type Day } from './days.ts';
import { attributesOn, edgesFor, levelOf } from './derive.ts';
import { createDirectory } from './directory.ts';
import type { CertificationRow, RegistryContent } from './model.ts';
import { indexContent, lineage, type RegistryIndex } from './registryIndex.ts';

/** A snapshot with the rows behind it, for the verbs and the console. */
export interface ContentSnapshot extends RegistrySnapshot {
  readonly content: RegistryContent;
  /** How many offices can ask: the active ones. */
  readonly size: number;
  readonly index: RegistryIndex;
}

/**
 * One version of the registry in memory. `content` is sound (`checkContent`) and is not changed afterwards.
 * A look-up by ORI is one Map hit; an inactive office is no requester. Attributes are frozen and derived once for each
 * stretch of days in which nothing begins or ends for the organisation, so equal ones are the same object, also between organisations.
 */
export function createSnapshot(content: RegistryContent, version: number, hash: string): ContentSnapshot {
  const index = indexContent(content);
  const directory = createDirectory(content.offices);
  const shared = new Map<string, RequesterAttributes>();
  const organisations = new Map<string, AttributeCells>();
  const requesters = new Map<Ori, Requester>();
  for (const office of content.offices) {
    if (!office.active) continue;
    let cells = organisations.get(office.organisation);
    if (cells === undefined) organisations.set(office.organisation, (cells = new AttributeCells(index, office.organisation, shared)));
    requesters.set(office.ori, new OfficeRequester(office.ori, office.organisation, office.name, cells));
  }
  return {
    version,
    hash,
    content,
    size: requesters.size,
    index,
    requester: (ori) => requesters.get(ori) ?? null,
    mayActFor: (requester, other, at) => mayActFor(index, requesters.get(requester), requesters.get(other), dayOf(at)),
    directory,
  };
}

class OfficeRequester implements Requester {
  readonly ori: Ori;
  readonly organisation: string;
  readonly name: string;
  readonly #cells: AttributeCells;

  constructor(ori: Ori, organisation: string, name: string, cells: AttributeCells) {
    this.ori = ori;
    this.organisation = organisation;
    this.name = name;
    this.#cells = cells;
  }

  attributes(owner: string, at: Date): RequesterAttributes {
    return this.#cells.at(owner, dayOf(at));
  }
}

/**
 * The attributes of one organisation by owner and by stretch of days. Filled on first use, and bounded: as many stretches
 * as edges and certifications begin or end, as many owners as certifications name (all others share one cell).
 */
class AttributeCells {
  readonly #index: RegistryIndex;
  readonly #organisation: string;
  readonly #shared: Map<string, RequesterAttributes>;
  #stretches: readonly Stretch[] | null = null;

  constructor(index: RegistryIndex, organisation: string, shared: Map<string, RequesterAttributes>) {
    this.#index = index;
    this.#organisation = organisation;
    this.#shared = shared;
  }

  at(owner: string, day: Day): RequesterAttributes {
    const stretches = (this.#stretches ??= stretchesOf(this.#index, this.#organisation));
    let place = stretches.length - 1;
    while (place > 0 && day < (stretches[place] as Stretch).from) place--;
    const stretch = stretches[place] as Stretch;
    const known = stretch.byOwner.get(owner) ?? (stretch.named.has(owner) ? undefined : stretch.others);
    return known ?? this.#fill(stretch, owner);
  }

  #fill(stretch: Stretch, owner: string): RequesterAttributes {
    const named = stretch.named.has(owner);
    const attributes = intern(this.#shared, attributesOn(this.#index, this.#organisation, named ? owner : '*', stretch.from));
    if (named) stretch.byOwner.set(owner, attributes);
    else stretch.others = attributes;
    return attributes;
  }
}

/** From the day `from` to the day before the next stretch. The first has no beginning. */
interface Stretch {
  readonly from: Day;
  /** The owners to which the organisation ever certified by name. */
  readonly named: ReadonlySet<string>;
  readonly byOwner: Map<string, RequesterAttributes>;
  /** Towards every owner that is not in `named`. */
  others: RequesterAttributes | undefined;
}

function stretchesOf(index: RegistryIndex, organisation: string): readonly Stretch[] {
  const line = lineage(index.organisations, organisation);
  const certifications: readonly CertificationRow[] = index.certifications.get(organisation) ?? [];
  const dated = [...edgesFor(index, line, levelOf(line)), ...certifications];
  const turns = new Set(dated.flatMap((row) => [dayOfText(row.since), ...(row.until === null ? [] : [dayOfText(row.until) + 1])]));
  const named = new Set<string>(certifications.filter((row) => row.owner !== '*').map((row) => row.owner));
  const first = Math.min(0, ...turns) - 1;
  return [first, ...[...turns].sort((a, b) => a - b)].map((from) => ({ from, named, byOwner: new Map<string, RequesterAttributes>(), others: undefined }));
}

/** One frozen object for each set of values, so that a policy can keep what it worked out by reference. */
function intern(shared: Map<string, RequesterAttributes>, attributes: RequesterAttributes): RequesterAttributes {
  const key = JSON.stringify(attributes);
  const known = shared.get(key);
  if (known !== undefined) return known;
  for (const value of Object.values(attributes) as unknown[]) if (Array.isArray(value)) Object.freeze(value);
  shared.set(key, Object.freeze(attributes));
  return attributes;
}

/** Only a confirmed delegation in force, from the other organisation itself: to stand above it in the tree is not enough. */
function mayActFor(index: RegistryIndex, requester: Requester | undefined, other: Requester | undefined, day: Day): boolean {
  if (requester === undefined || other === undefined) return false;
  if (requester.ori === other.ori) return true;
  const edges = index.affiliations.get(other.organisation) ?? [];
  return edges.some((edge) => edge.kind === 'delegation' && edge.confirmed && edge.from === other.organisation && edge.to === requester.organisation && inForce(edge, day));
}
