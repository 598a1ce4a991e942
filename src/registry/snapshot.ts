import type { Requester, RegistrySnapshot } from '../exchange/ports.ts';
import type { Ori } from '../model/index.ts';
import type { RequesterAttributes } from '../vocabulary/index.ts';
import { dayOf, dayOfText, inForce, textOfDay, type Day } from './days.ts';
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
  /** The attributes of any organisation, one without an office too: the very objects that `requester` gives. */
  attributesOf(organisation: string, owner: string, at: Date): RequesterAttributes;
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
  const cellsOf = (organisation: string): AttributeCells => {
    let cells = organisations.get(organisation);
    if (cells === undefined) organisations.set(organisation, (cells = new AttributeCells(index, organisation, shared)));
    return cells;
  };
  const requesters = new Map<Ori, Requester>();
  for (const office of content.offices) if (office.active) requesters.set(office.ori, new OfficeRequester(office.ori, office.organisation, office.name, cellsOf(office.organisation)));
  return {
    version,
    hash,
    content,
    size: requesters.size,
    index,
    attributesOf: (organisation, owner, at) => cellsOf(organisation).at(owner, dayOf(at)),
    requester: (ori) => requesters.get(ori) ?? null,
    mayActFor: (requester, other, at) => mayActFor(index, requesters.get(requester), requesters.get(other), textOfDay(dayOf(at))),
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
  /** The days on which something begins or has ended, ascending. */
  #turns: readonly Day[] | null = null;
  readonly #stretches = new Map<number, Stretch>();
  /** Nearly every question is about today. */
  #latest: Stretch | null = null;
  #named: ReadonlySet<string> = nobody;

  constructor(index: RegistryIndex, organisation: string, shared: Map<string, RequesterAttributes>) {
    this.#index = index;
    this.#organisation = organisation;
    this.#shared = shared;
  }

  at(owner: string, day: Day): RequesterAttributes {
    let stretch = this.#latest;
    if (stretch === null || day < stretch.from || day >= stretch.before) this.#latest = stretch = this.#stretch(day);
    const known = this.#named.has(owner) ? stretch.byOwner?.get(owner) : stretch.others;
    return known ?? this.#fill(stretch, owner, day);
  }

  #stretch(day: Day): Stretch {
    const turns = (this.#turns ??= this.#findTurns());
    const place = countUpTo(turns, day);
    let stretch = this.#stretches.get(place);
    if (stretch === undefined) {
      stretch = { from: turns[place - 1] ?? -Infinity, before: turns[place] ?? Infinity, byOwner: null, others: undefined };
      this.#stretches.set(place, stretch);
    }
    return stretch;
  }

  #fill(stretch: Stretch, owner: string, day: Day): RequesterAttributes {
    const named = this.#named.has(owner);
    const attributes = intern(this.#shared, attributesOn(this.#index, this.#organisation, named ? owner : '*', day));
    if (named) (stretch.byOwner ??= new Map<string, RequesterAttributes>()).set(owner, attributes);
    else stretch.others = attributes;
    return attributes;
  }

  #findTurns(): readonly Day[] {
    const line = lineage(this.#index.organisations, this.#organisation);
    const certifications: readonly CertificationRow[] = this.#index.certifications.get(this.#organisation) ?? [];
    if (certifications.length > 0) this.#named = new Set(certifications.filter((row) => row.owner !== '*').map((row) => row.owner));
    const turns = new Set<Day>();
    for (const row of [...edgesFor(this.#index, line, levelOf(line)), ...certifications]) {
      turns.add(dayOfText(row.since));
      if (row.until !== null) turns.add(dayOfText(row.until) + 1);
    }
    return [...turns].sort((a, b) => a - b);
  }
}

const nobody: ReadonlySet<string> = new Set();

/** The days `from <= day < before`, in which nothing begins or ends. */
interface Stretch {
  readonly from: Day;
  readonly before: Day;
  /** Towards the owners to which the organisation ever certified by name. */
  byOwner: Map<string, RequesterAttributes> | null;
  /** Towards every other owner. */
  others: RequesterAttributes | undefined;
}

/** How many of the ascending numbers are not above `day`. */
function countUpTo(turns: readonly Day[], day: Day): number {
  let low = 0;
  let high = turns.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((turns[middle] as Day) <= day) low = middle + 1;
    else high = middle;
  }
  return low;
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
function mayActFor(index: RegistryIndex, requester: Requester | undefined, other: Requester | undefined, date: string): boolean {
  if (requester === undefined || other === undefined) return false;
  if (requester.ori === other.ori) return true;
  const edges = index.affiliations.get(other.organisation) ?? [];
  return edges.some((edge) => edge.kind === 'delegation' && edge.confirmed && edge.from === other.organisation && edge.to === requester.organisation && inForce(edge, date));
}
