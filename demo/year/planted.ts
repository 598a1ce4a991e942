import type { ContextWord } from '../../src/insight/archive/types.ts';
import type { LeadKind, PlantedCase } from '../../src/insight/leads/types.ts';
import type { InquiryKey, Jurisdiction } from '../../src/vocabulary/index.ts';
import { isLandmark, landmarkOris } from '../landmarks.ts';
import { type Random, randomOf } from '../random.ts';
import type { Asker } from './askers.ts';
import type { Work } from './works.ts';
import { habitAt, type Habits } from './habits.ts';
import { areNeighbours } from './neighbours.ts';
import { lots, nameOf, sexCodes, sexOf, tagText } from './persons.ts';
import type { OwnerTotals } from './plan.ts';
import { offsetAt, zones } from './zones.ts';

const hour = 3_600_000;
const day = 24 * hour;

/** One query that is in the year on purpose. What the owner says to it is decided like for any other. */
export interface PlantedRow {
  readonly at: number;
  /** Place of the asker. */
  readonly asker: number;
  /** Place of the context. */
  readonly context: number;
  /** Number of the person who asks. */
  readonly user: number;
  /** Their name where the agency writes it, else null. */
  readonly userName: number | null;
  readonly lot: number;
  readonly subject: number;
  /** The name of the person asked about, where the request has it; else it is known only from a record that is given. */
  readonly asked: number | null;
  /** The name in the record. */
  readonly name: number;
  readonly sex: number;
}

/** What is planted in an owner's year, in the order of time, and the cases as a detector should find them. */
export interface Planted {
  readonly rows: readonly PlantedRow[];
  readonly cases: readonly PlantedCase[];
}

export interface PlantingGround {
  readonly owner: Jurisdiction;
  readonly seed: number;
  /** The owner's key (`ownerKey`). */
  readonly key: number;
  readonly months: readonly number[];
  readonly totals: OwnerTotals;
  readonly askers: readonly Asker[];
  /** How many queries of this owner each asker is due, about. */
  readonly due: Float64Array;
  readonly habits: Habits;
  /** Numbers of persons from here on are nobody's. */
  readonly firstFree: number;
  /** Since when ICE is refused by a rule that came within the year; null where there is none. */
  readonly blockedSince: number | null;
}

/**
 * Invented cases of what detectors look for, in some owners. A small network may have no agency for one of them: that case is left out. Nothing is planted
 * where the cases would be more than a seventh of what local agencies ask.
 */
export function plant(ground: PlantingGround): Planted {
  const planter = new Planter(ground);
  for (const kind of cases[ground.owner] ?? []) {
    const before = planter.rows.length;
    try {
      planter.plant(kind);
    } catch (error) {
      if (!(error instanceof NoAgency)) throw error;
      planter.rows.length = before;
    }
  }
  return planter.rows.length * 7 > ground.totals.local ? { rows: [], cases: [] } : { rows: planter.rows.sort((a, b) => a.at - b.at), cases: planter.cases };
}

/** No agency is left that would do. */
class NoAgency extends Error {}

const cases: Partial<Readonly<Record<Jurisdiction, readonly LeadKind[]>>> = {
  WA: ['self', 'pileOn', 'bulkPhotos', 'afterRefusal', 'aroundBlock'], MN: ['colleague', 'surname', 'offHours', 'sweep'], TX: ['oneSex', 'noCase', 'rise', 'sweep'],
  OR: ['self', 'afterRefusal'], NY: ['lapsed'], CA: ['pileOn', 'surname'],
};

/** What a planted query is, beside what its case has in common. */
interface Query {
  readonly at: number;
  readonly user: number;
  readonly key: InquiryKey;
  readonly image?: boolean;
  readonly more?: Partial<ContextWord>;
  readonly person: number;
  /** The name asked about, where it is not the person's own. */
  readonly name?: number;
  readonly sex?: number;
}

class Planter {
  readonly rows: PlantedRow[] = [];
  readonly cases: PlantedCase[] = [];
  readonly #ground: PlantingGround;
  readonly #random: Random;
  readonly #taken = new Set<number>();
  #candidates: readonly Asker[] | null = null;
  #person: number;

  constructor(ground: PlantingGround) {
    this.#ground = ground;
    this.#random = randomOf(ground.seed, 'year', 'planted', ground.owner);
    this.#person = ground.firstFree;
  }

  plant(kind: LeadKind): void {
    const { months } = this.#ground;
    switch (kind) {
      case 'self': this.#oneUser(kind, { asker: this.#local({ names: true }), month: 1, days: 80, count: 14 }, (user) => ({ key: 'DQ', name: userNameOf(user) })); break;
      case 'colleague': this.#oneUser(kind, { asker: this.#local({ names: true, users: 4 }), month: 4, days: 50, count: 12 }, (user, i) => ({ key: 'DQ', name: userNameOf(user + 1 + (i % 3)) })); break;
      case 'surname': this.#oneUser(kind, { asker: this.#local({ names: true }), month: 6, days: 40, count: 26 }, (user, i) => ({ key: 'DQ', name: userNameOf(user) - (userNameOf(user) % 512) + ((userNameOf(user) + 7 * i + 7) % 512) })); break;
      case 'oneSex': this.#oneUser(kind, { asker: this.#local({}), month: 3, days: 60, count: 130 }, (_, i) => ({ key: 'DQ', image: true, sex: i % 13 === 0 ? sexCodes.M : sexCodes.F })); break;
      case 'offHours': this.#oneUser(kind, { asker: this.#local({ work: 'investigation' }), month: 5, days: 35, count: 60, clock: [1, 4] }, () => ({ key: 'DQ' })); break;
      case 'noCase': this.#oneUser(kind, { asker: this.#local({ always: true }), month: 7, days: 40, count: 80 }, () => ({ key: 'DQ', more: { caseNumber: 'none' } })); break;
      case 'bulkPhotos': this.#oneUser(kind, { asker: this.#local({}), month: 8, days: 4, count: 160 }, () => ({ key: 'DQ', image: true })); break;
      case 'sweep': this.#oneUser(kind, { asker: this.#local({}), month: 9, days: 2, count: 110 }, (_, i) => ({ key: this.#ground.owner === 'TX' || i % 4 === 0 ? 'RPQ' : 'DNQ' })); break;
      case 'lapsed': this.#lapsed(); break;
      case 'rise': this.#rise(); break;
      case 'pileOn': this.#pileOn(); break;
      case 'afterRefusal': this.#afterRefusal(); break;
      case 'aroundBlock': this.#aroundBlock(months.at(-1) ?? 0); break;
    }
  }

  /** One user of one agency, over some days. */
  #oneUser(kind: LeadKind, at: { readonly asker: Asker; readonly month: number; readonly days: number; readonly count: number; readonly clock?: readonly [number, number] }, query: (user: number, i: number) => Omit<Query, 'at' | 'user' | 'person'> & { readonly person?: number }): void {
    const user = at.asker.firstUser + at.asker.users - 2;
    const from = (this.#ground.months[at.month] ?? 0) + 2 * day;
    const rows = Array.from({ length: at.count }, (_, i) => this.#row(at.asker, { at: this.#moment(at.asker, from, at.days, at.clock), user, person: this.#person++, ...query(user, i) }));
    this.#note(kind, rows, at.asker, user);
  }

  /** The police of the demonstration whose certification to New York ended on 31 March 2026 goes on asking for photos. Nothing where the year is another. */
  #lapsed(): void {
    const from = Date.UTC(2026, 3, 2);
    const asker = this.#ground.askers.find(({ ori }) => ori === landmarkOris.lapsedPolice);
    if (asker === undefined || from < (this.#ground.months[0] ?? 0) || from + 95 * day > (this.#ground.months.at(-1) ?? 0)) return;
    const user = asker.firstUser;
    this.#note('lapsed', Array.from({ length: 60 }, () => this.#row(asker, { at: this.#moment(asker, from, 90), user: user + this.#random.below(asker.users), key: 'DQ', image: true, person: this.#person++ })), asker, null);
  }

  /** An agency that asks about ten times a month asks fourteen times as often for three weeks, with all its people. */
  #rise(): void {
    const asker = this.#local({});
    const count = Math.max(100, Math.round(((this.#ground.due[asker.index] ?? 0) / 12) * 14));
    const from = (this.#ground.months[7] ?? 0) + 4 * day;
    this.#note('rise', Array.from({ length: count }, (_, i) => this.#row(asker, { at: this.#moment(asker, from, 21), user: asker.firstUser + (i % asker.users), key: i % 3 === 0 ? 'DQ' : 'RQ', person: this.#person++ })), asker, null);
  }

  /** 158 look-ups of one person by 110 people of 56 agencies within a month: none of them asks twice as often as another. */
  #pileOn(): void {
    const askers = Array.from({ length: 56 }, () => this.#local({}));
    const [count, users] = this.#ground.owner === 'WA' ? [158, 110] : [96, 64];
    const askerOf = (i: number): Asker => askers[i % askers.length] as Asker;
    const person = this.#person++;
    const from = (this.#ground.months[10] ?? 0) + day;
    const rows = Array.from({ length: count }, (_, i) => {
      const u = i % users;
      const asker = askerOf(u);
      return this.#row(asker, { at: this.#moment(asker, from, 26), user: asker.firstUser + Math.min(asker.users - 1, Math.floor(u / askers.length)), key: 'DQ', image: i % 3 === 0, person });
    });
    this.#note('pileOn', rows, null, null, person);
  }

  /** A Border Patrol station that says it asks for civil immigration work is refused, and asks the same again for days. */
  #afterRefusal(): void {
    const asker = this.#ground.askers.filter(({ work, state }) => work === 'borderPatrol' && (state === this.#ground.owner || areNeighbours(state, this.#ground.owner)))[0];
    if (asker === undefined) return;
    const people = Array.from({ length: 5 }, () => this.#person++);
    const count = Math.min(60, Math.floor(this.#ground.totals.cbp / 3));
    const from = (this.#ground.months[7] ?? 0) + 9 * day;
    const more = { purpose: 'civilImmigration', format: 'niem' } as const;
    this.#note('afterRefusal', Array.from({ length: count }, (_, i) => this.#row(asker, { at: this.#moment(asker, from, 9), user: asker.firstUser, key: 'DQ', image: true, more, person: people[i % people.length] as number })), asker, asker.firstUser);
  }

  /** Persons of whom ICE is refused records are asked about by the port of entry within three days. */
  #aroundBlock(end: number): void {
    const { askers, totals, blockedSince } = this.#ground;
    const ice = askers.find(({ ori }) => ori === landmarkOris.iceEro);
    const port = askers.find(({ ori }) => ori === landmarkOris.cbpFieldOperations);
    const pairs = Math.min(24, Math.floor(totals.ero * 0.35), Math.floor(totals.cbp / 20));
    if (ice === undefined || port === undefined || blockedSince === null || pairs === 0) return;
    const rows: PlantedRow[] = [];
    for (let i = 0; i < pairs; i++) {
      const person = this.#person++;
      const at = this.#moment(ice, blockedSince + day, Math.max(1, Math.floor((end - blockedSince) / day) - 6));
      this.#row(ice, { at, user: ice.firstUser + (i % ice.users), key: 'DQ', image: true, more: { format: 'niem' }, person });
      rows.push(this.#row(port, { at: at + hour + Math.floor(this.#random.unit() * 2.5 * day), user: port.firstUser + (i % port.users), key: 'DQ', image: true, more: { purpose: 'borderInspection', format: 'niem' }, person }));
    }
    this.#note('aroundBlock', rows, port, null);
  }

  /** An ordinary local agency, not of the owner's state, due about 120 queries a year or as near to it as there is, and not taken yet. */
  #local({ names = false, always = false, users = 2, work = 'patrol' }: { readonly names?: boolean; readonly always?: boolean; readonly users?: number; readonly work?: Work }): Asker {
    this.#candidates ??= candidatesOf(this.#ground);
    const found = this.#candidates.find((asker) => asker.work === work && !this.#taken.has(asker.index) && asker.users >= users && (!names || asker.writesNames) && (!always || habitAt(asker.habit).caseHabit === 'always'));
    if (found === undefined) throw new NoAgency();
    this.#taken.add(found.index);
    return found;
  }

  /** An instant within some days, at hours of the asker's own clock. */
  #moment({ zone }: Asker, from: number, days: number, [first, last]: readonly [number, number] = [9, 21]): number {
    const date = from + this.#random.below(days) * day;
    const offset = offsetAt(zones[zone] ?? { name: '', hours: 0, summer: false }, date);
    const at = date + (first - offset) * hour + Math.floor(this.#random.unit() * (last - first) * hour);
    return Math.min(at, (this.#ground.months.at(-1) ?? at) - 1);
  }

  #row(asker: Asker, { at, user, key, image = false, more = {}, person, name = nameOf(person), sex = sexOf(person) }: Query): PlantedRow {
    const { terminal, caseHabit } = habitAt(asker.habit);
    const format = terminal.startsWith('niem') ? 'niem' : 'json';
    const context = this.#ground.habits.place({ key, format, caseNumber: caseHabit === 'always' ? 'numbered' : 'none', ...more }, image);
    const byName = key === 'DQ' || key === 'DNQ' || key === 'KQ';
    const row = {
      at, asker: asker.index, context, user, userName: asker.writesNames ? userNameOf(user) : null, lot: byName ? lots.person : key === 'RPQ' ? lots.pattern : lots.plate, subject: person,
      asked: byName ? name : null, name, sex: byName && key !== 'DNQ' ? sex : sexCodes.unknown,
    };
    this.rows.push(row);
    return row;
  }

  #note(kind: LeadKind, rows: readonly PlantedRow[], asker: Asker | null, user: number | null, person?: number): void {
    const date = (at: number): string => new Date(at).toISOString().slice(0, 10);
    const times = rows.map(({ at }) => at);
    const { owner, key } = this.#ground;
    this.cases.push({
      kind, owner, ori: asker?.ori ?? null, user: user === null ? null : tagText(key, lots.user, user), ...(person === undefined ? {} : { subject: tagText(key, lots.person, person) }),
      from: date(Math.min(...times)), to: date(Math.max(...times)), count: rows.length,
    });
  }
}

/** Agencies in which a case may be planted, those first that are due about 120 queries a year. */
function candidatesOf({ askers, due, owner }: PlantingGround): readonly Asker[] {
  const able = askers.filter((asker) => asker.group === 'local' && asker.state !== owner && !isLandmark(asker.ori) && !habitAt(asker.habit).terminal.startsWith('legacy'));
  const distance = new Map(able.map((asker) => [asker, Math.abs(Math.log((due[asker.index] ?? 0) / 120 + 1e-9))]));
  return able.sort((a, b) => (distance.get(a) ?? 0) - (distance.get(b) ?? 0) || a.index - b.index);
}

/** The name of a person who asks, by their number. Users and residents are different persons. */
export function userNameOf(user: number): number {
  return nameOf(user ^ 0x40000000);
}
