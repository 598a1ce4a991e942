import type { ContextWord } from '../../src/insight/archive/types.ts';
import type { Decision } from '../../src/model/index.ts';
import type { RequesterAttributes } from '../../src/vocabulary/index.ts';
import { mix, type Random, randomOf } from '../random.ts';
import type { Asker } from './askers.ts';
import { abilityBits } from './askerColumns.ts';
import { blankSheet, type Sheet } from './columns.ts';
import type { Ground } from './ground.ts';
import { slotCount } from './habits.ts';
import { askerAttributes, factsOfContext, type OwnerYear, type WordBook } from './ownerYear.ts';
import { givenBy } from './verdicts.ts';
import { lots, nameOf, sameSurname, sexCodes, sexOf, tagHalf } from './persons.ts';
import { userNameOf, type PlantedRow } from './planted.ts';
import { reviewOf, type Review } from './reviews.ts';
import { Soonest } from './soonest.ts';
import { askerAt } from './strata.ts';

const hour = 3_600_000;
const sheetRows = 65_536;
/** Bits of a verdict. */
const looks = 1;
const givesName = 2;
const givesSex = 4;
const holds = 8;
/** The code of a verdict among the types of rows. */
const verdictType = 5;

/** Writes the rows of one owner, month after month. */
export interface RowMaker {
  /**
   * The rows of one month (0 to 11), in the order of time, a sheet at a time: whoever takes it copies it at once. Verdicts stand among them when their time comes. Months follow each other; those that
   * are passed over are made too and given to nobody, because what they held is decided in later ones. Throws a RangeError for a month that is over.
   */
  month(month: number, take: (sheet: Sheet) => void): void;
}

/** Makes the rows of an owner's year. Words get their numbers from `book` when they are first used. */
export function rowMaker(ground: Ground, year: OwnerYear, book: WordBook): RowMaker {
  return new Maker(ground, year, book);
}

/** A verdict that waits for its time. */
interface VerdictDue {
  readonly entry: string;
  readonly who: number;
  /** The halves of its tag. */
  readonly subject: readonly [number, number];
  readonly ending: Review['ending'];
}

class Maker implements RowMaker {
  readonly #ground: Ground;
  readonly #year: OwnerYear;
  readonly #book: WordBook;
  readonly #from: number;
  readonly #sheet: Sheet = blankSheet(sheetRows);
  /** By asker: number of the requester and class of agencies; -1 where not known yet on this day. */
  readonly #who: Int32Array;
  readonly #class: Int32Array;
  readonly #attributes = new Map<RequesterAttributes, number>();
  /** Contexts: those of the habits, then the same asked for another. */
  readonly #contexts: readonly ContextWord[];
  readonly #base: number;
  readonly #contextWords: Int32Array;
  readonly #about: Uint8Array;
  readonly #namesUser: Uint8Array;
  /** By class and context: number of the verdict, -1 where it was not asked for yet. */
  #verdicts = new Int32Array(0);
  #joined = new Map<number, number>();
  #classes = 0;
  readonly #words = { found: [] as number[], none: [] as number[], down: [] as number[], bits: [] as number[], decisions: [] as Decision[] };
  #stretch = -1;
  #day = -1;
  /** The next planted row. */
  #next = 0;
  /** The month and the index that come next. */
  #month = 0;
  #index = 0;
  /** Verdicts whose time has not come. */
  readonly #verdictsDue = new Soonest<VerdictDue>();

  constructor(ground: Ground, year: OwnerYear, book: WordBook) {
    this.#ground = ground;
    this.#year = year;
    this.#book = book;
    this.#from = ground.plan.months[0] ?? 0;
    this.#who = new Int32Array(ground.askers.length).fill(-1);
    this.#class = new Int32Array(ground.askers.length).fill(-1);
    const own = ground.habits.contexts;
    this.#base = own.length;
    this.#contexts = [...own, ...own.map((context) => ({ ...context, delegated: true }))];
    this.#contextWords = new Int32Array(this.#contexts.length).fill(-1);
    const facts = this.#contexts.map(factsOfContext);
    this.#about = Uint8Array.from(facts, ({ about }) => about);
    this.#namesUser = Uint8Array.from(facts, ({ namesUser }) => (namesUser ? 1 : 0));
  }

  month(month: number, take: (sheet: Sheet) => void): void {
    if (month < this.#month) throw new RangeError(`month ${month} is over`);
    for (; this.#month <= month; this.#month++) this.#make(this.#month, this.#month === month ? take : () => undefined);
  }

  #make(month: number, take: (sheet: Sheet) => void): void {
    const { plan } = this.#ground;
    const { strata, planted, owner } = this.#year;
    const [from = 0, to = 0] = [plan.months[month], plan.months[month + 1]];
    const random = randomOf(plan.seed, 'year', 'rows', owner, month);
    let index = this.#index;
    const next = planted.rows.findIndex(({ at }) => at >= from);
    this.#next = next === -1 ? planted.rows.length : next;
    let order = new Uint8Array(1024);
    for (let at = from; at < to; at += hour) {
      const place = (at - this.#from) / hour;
      if (at % 86_400_000 === 0 || this.#day === -1) this.#turnTo(at);
      let count = 0;
      for (let s = 0; s < strata.length; s++) {
        const { before } = strata[s] as OwnerYear['strata'][number];
        const own = (before[place + 1] as number) - (before[place] as number);
        if (count + own > order.length) {
          const larger = new Uint8Array(2 * (count + own));
          larger.set(order);
          order = larger;
        }
        order.fill(s, count, count + own);
        count += own;
      }
      for (let i = count - 1; i > 0; i--) {
        const j = ((random.next() / 4294967296) * (i + 1)) | 0;
        const held = order[i] as number;
        order[i] = order[j] as number;
        order[j] = held;
      }
      if (count > 0) index = this.#hour(at, place, order, count, random, index, take);
      index = this.#upTo(at + hour, index, take);
    }
    this.#index = index;
    if (this.#sheet.length > 0) this.#give(take);
  }

  /** Hands the sheet over, and begins it anew. */
  #give(take: (sheet: Sheet) => void): void {
    take(this.#sheet);
    this.#sheet.length = this.#sheet.notes.length = 0;
  }

  /** The ordinary rows of one hour, each at an instant of its own, drawn in the order that `order` gives. */
  #hour(at: number, place: number, order: Uint8Array, count: number, random: Random, index: number, take: (sheet: Sheet) => void): number {
    const { strata, key, people, down, planted } = this.#year;
    const { habits, principals, shifts } = this.#ground;
    const { habit, abilities, users, firstUser, zone } = this.#ground.columns;
    const { slots } = habits;
    const sheet = this.#sheet;
    const { subject, subjectName, user, userName } = sheet.halves;
    const step = hour / count;
    const numbers = Int32Array.from(strata, ({ before }) => before[place] as number);
    const downNow = down[place] as number;
    let limit = Math.min(planted.rows[this.#next]?.at ?? Infinity, this.#verdictsDue.at);
    for (let i = 0; i < count; i++) {
      const s = order[i] as number;
      const stratum = strata[s] as OwnerYear['strata'][number];
      const number = numbers[s] as number;
      numbers[s] = number + 1;
      const who = askerAt(stratum, number);
      const ability = abilities[who] as number;
      const chance = random.next();
      const more = random.next();
      let context = slots[(habit[who] as number) * slotCount + (chance & (slotCount - 1))] as number;
      let behalf = -1;
      if ((ability & abilityBits.asksForOthers) !== 0 && (more & 7) < 6) {
        const list = principals.get(who);
        if (list !== undefined) {
          behalf = list[(more >>> 3) % list.length] as number;
          context += this.#base;
        }
      }
      const verdict = behalf === -1 ? this.#verdict(who, context) : this.#joinedVerdict(who, behalf, context);
      const bits = this.#words.bits[verdict] as number;
      const about = this.#about[context] as number;
      const luck = chance >>> 16;
      // Of 65,536: no record for a driver 2,900 (4.4 %), for a plate 2,300 (3.5 %), for a search 5,900 (9 %).
      const without = about === 0 ? 2_900 : about === 1 ? 2_300 : 5_900;
      const found = (bits & looks) !== 0 && luck >= downNow + without;
      const moment = at + Math.floor((i + (random.next() & 0xffff) / 65_536) * step);
      if (moment >= limit) {
        index = this.#upTo(moment + 1, index, take);
        limit = Math.min(planted.rows[this.#next]?.at ?? Infinity, this.#verdictsDue.at);
      }
      const row = sheet.length;
      sheet.index[row] = index++;
      sheet.at[row] = moment;
      sheet.type[row] = 0;
      sheet.who[row] = this.#whoOf(who);
      sheet.behalf[row] = behalf === -1 ? -1 : this.#whoOf(behalf);
      sheet.context[row] = this.#contextWord(context);
      sheet.outcome[row] = (found ? this.#words.found : luck < downNow ? this.#words.down : this.#words.none)[verdict] as number;
      const matches = about < 2 ? 1 : 1 + ((more >>> 12) & 15);
      sheet.records[row] = found ? matches : 0;

      const u = random.next() / 4294967296;
      const person = Math.floor(people * u * Math.sqrt(Math.sqrt(u)));
      const byPerson = about === 0 && (more & 0x1_0000) !== 0;
      const name = nameOf(person);
      const lot = about === 0 ? (byPerson ? lots.person : lots.licence) : about === 1 ? lots.plate : about === 2 ? lots.name : lots.pattern;
      const value = about === 2 ? name : person;
      subject[2 * row] = tagHalf(key, lot, value, 0);
      subject[2 * row + 1] = tagHalf(key, lot, value, 1);
      const given = found && sheet.records[row] === 1;
      const nameKnown = byPerson || about === 2 || (given && (bits & givesName) !== 0);
      sheet.sex[row] = (byPerson && (more & 0x1e_0000) !== 0) || (about === 0 && given && (bits & givesSex) !== 0) ? sexOf(person) : sexCodes.unknown;
      subjectName[2 * row] = nameKnown ? tagHalf(key, lots.name, name, 0) : 0;
      subjectName[2 * row + 1] = nameKnown ? tagHalf(key, lots.name, name, 1) : 0;

      if (this.#namesUser[context] === 0) {
        user[2 * row] = user[2 * row + 1] = userName[2 * row] = userName[2 * row + 1] = sheet.flags[row] = 0;
      } else {
        const v = (more >>> 21) / 2048 + (chance & 0xfe00) / 134_217_728;
        const skewed = v * Math.sqrt(v);
        const size = users[who] as number;
        // Three shifts of eight hours, but for offices; one in sixteen works outside theirs.
        const ownShift = (ability & abilityBits.hasShifts) !== 0 && (chance & 0x1e00) !== 0;
        const place3 = ownShift ? (((shifts[zone[who] as number] as Uint8Array)[place] as number) + skewed) / 3 : skewed;
        this.#putUser(row, (firstUser[who] as number) + Math.floor(place3 * size), (ability & abilityBits.writesNames) !== 0, nameKnown ? name : -1);
      }
      if ((bits & holds) !== 0 && (found || (bits & looks) === 0)) {
        this.#hold(row, { verdict, who, behalf, context, records: luck >= without ? matches : 0 });
        limit = Math.min(limit, this.#verdictsDue.at);
      }
      if (++sheet.length === sheetRows) this.#give(take);
    }
    return index;
  }

  /** The planted rows and the verdicts before an instant that are not written yet. */
  #upTo(before: number, first: number, take: (sheet: Sheet) => void): number {
    const { rows } = this.#year.planted;
    let index = first;
    for (;;) {
      const row = rows[this.#next];
      const next = row?.at ?? Infinity;
      if (Math.min(next, this.#verdictsDue.at) >= before) return index;
      if (row !== undefined && next <= this.#verdictsDue.at) {
        this.#next += 1;
        this.#plantedRow(row, index, take);
      } else {
        this.#verdictRow(index, take);
      }
      index += 1;
    }
  }

  /** Notes that the row at a place of the sheet waits for a person, and works out how that ends. */
  #hold(row: number, { verdict, who, behalf, context, records }: { readonly verdict: number; readonly who: number; readonly behalf: number; readonly context: number; readonly records: number }): void {
    const { owner, key, judge } = this.#year;
    const sheet = this.#sheet;
    const [index, at] = [sheet.index[row] as number, sheet.at[row] as number];
    const decision = this.#words.decisions[verdict] as Decision;
    const asker = this.#attributesOf(who);
    const word = this.#contexts[context] as ContextWord;
    const review = reviewOf({ owner, at, asker, context: word, decision, released: (sheet.records[row] as number) > 0 ? givenBy(decision) : [], records, chance: mix(mix(index) ^ key) }, (then) => {
      const stretch = judge.stretchAt(then);
      return stretch === this.#stretch ? decision : judge.verdict(stretch, asker, behalf === -1 ? null : this.#attributesOf(behalf), word).decision;
    });
    const entry = `${owner}/${index}`;
    const behalfWord = sheet.behalf[row] as number;
    sheet.notes.push({ held: entry, row: { index, at, who: sheet.who[row] as number, behalf: behalfWord === -1 ? null : behalfWord, context: sheet.context[row] as number, outcome: sheet.outcome[row] as number, records: sheet.records[row] as number }, terms: review.terms });
    const { subject } = sheet.halves;
    this.#verdictsDue.put(review.ending.at, { entry, who: sheet.who[row] as number, subject: [subject[2 * row] as number, subject[2 * row + 1] as number], ending: review.ending });
  }

  /** As the exchange's own log has a verdict: who asked, of whom or what, and how many records went out. */
  #verdictRow(index: number, take: (sheet: Sheet) => void): void {
    const due = this.#verdictsDue.take();
    if (due === undefined) return;
    const sheet = this.#sheet;
    const at = sheet.length;
    sheet.index[at] = index;
    sheet.at[at] = due.ending.at;
    sheet.type[at] = verdictType;
    sheet.who[at] = due.who;
    sheet.behalf[at] = sheet.context[at] = sheet.outcome[at] = -1;
    sheet.records[at] = due.ending.records;
    sheet.sex[at] = sexCodes.unknown;
    sheet.flags[at] = 0;
    for (const half of [0, 1] as const) {
      sheet.halves.subject[2 * at + half] = due.subject[half];
      sheet.halves.subjectName[2 * at + half] = sheet.halves.user[2 * at + half] = sheet.halves.userName[2 * at + half] = 0;
    }
    sheet.notes.push({ ended: due.entry, ending: { ...due.ending, index } });
    if (++sheet.length === sheetRows) this.#give(take);
  }

  #plantedRow(row: PlantedRow, index: number, take: (sheet: Sheet) => void): void {
    const { key } = this.#year;
    const sheet = this.#sheet;
    const at = sheet.length;
    const verdict = this.#verdict(row.asker, row.context);
    const bits = this.#words.bits[verdict] as number;
    const found = (bits & looks) !== 0;
    const search = (this.#about[row.context] as number) >= 2;
    sheet.index[at] = index;
    sheet.at[at] = row.at;
    sheet.type[at] = 0;
    sheet.who[at] = this.#whoOf(row.asker);
    sheet.behalf[at] = -1;
    sheet.context[at] = this.#contextWord(row.context);
    sheet.outcome[at] = this.#words.found[verdict] as number;
    const matches = search ? 4 + (row.subject & 7) : 1;
    sheet.records[at] = found ? matches : 0;
    const name = row.asked ?? (found && !search && (bits & givesName) !== 0 ? row.name : -1);
    for (const half of [0, 1] as const) {
      sheet.halves.subject[2 * at + half] = tagHalf(key, row.lot, row.subject, half);
      sheet.halves.subjectName[2 * at + half] = name === -1 ? 0 : tagHalf(key, lots.name, name, half);
    }
    sheet.sex[at] = row.sex;
    this.#putUser(at, row.user, row.userName !== null, name);
    if ((bits & holds) !== 0) this.#hold(at, { verdict, who: row.asker, behalf: -1, context: row.context, records: matches });
    if (++sheet.length === sheetRows) this.#give(take);
  }

  #putUser(row: number, person: number, named: boolean, subjectName: number): void {
    const { key } = this.#year;
    const { halves, flags } = this.#sheet;
    halves.user[2 * row] = tagHalf(key, lots.user, person, 0);
    halves.user[2 * row + 1] = tagHalf(key, lots.user, person, 1);
    if (!named) {
      halves.userName[2 * row] = halves.userName[2 * row + 1] = flags[row] = 0;
      return;
    }
    const name = userNameOf(person);
    halves.userName[2 * row] = tagHalf(key, lots.name, name, 0);
    halves.userName[2 * row + 1] = tagHalf(key, lots.name, name, 1);
    flags[row] = subjectName === -1 ? 0 : 2 | 8 | (name === subjectName ? 1 : 0) | (sameSurname(name, subjectName) ? 4 : 0);
  }

  /** A new day: other attributes, and perhaps another table. On the first, everything is looked up anew. */
  #turnTo(at: number): void {
    const day = Math.floor((at - this.#from) / 86_400_000);
    const { turns } = this.#year.judge;
    let stretch = 0;
    while (stretch + 1 < turns.length && (turns[stretch + 1] as number) <= at) stretch += 1;
    if (this.#day === -1 || day !== this.#day + 1) {
      this.#who.fill(-1);
      this.#class.fill(-1);
    } else {
      for (const asker of this.#ground.turns.get(day) ?? []) this.#who[asker] = this.#class[asker] = -1;
    }
    if (stretch !== this.#stretch) {
      this.#class.fill(-1);
      this.#verdicts = new Int32Array(0);
      this.#joined = new Map();
      this.#classes = 0;
    }
    this.#stretch = stretch;
    this.#day = day;
  }

  #dayStart(): number {
    return this.#from + this.#day * 86_400_000;
  }

  #whoOf(asker: number): number {
    const known = this.#who[asker] as number;
    return known === -1 ? (this.#who[asker] = this.#lookUp(asker)) : known;
  }

  #lookUp(asker: number): number {
    const attributes = this.#attributesOf(asker);
    let word = this.#attributes.get(attributes);
    if (word === undefined) this.#attributes.set(attributes, (word = this.#book.attributes(attributes)));
    const { ori, organisation } = this.#ground.askers[asker] as Asker;
    return this.#book.requester({ ori, organisation, attributes: word });
  }

  #attributesOf(asker: number): RequesterAttributes {
    return askerAttributes(this.#ground, this.#year.owner, asker, this.#dayStart());
  }

  #contextWord(context: number): number {
    const known = this.#contextWords[context] as number;
    return known === -1 ? (this.#contextWords[context] = this.#book.context(this.#contexts[context] as ContextWord)) : known;
  }

  #classOf(asker: number): number {
    let known = this.#class[asker] as number;
    if (known === -1) {
      known = this.#class[asker] = this.#year.judge.table(this.#stretch).classOf(this.#attributesOf(asker));
      if (known >= this.#classes) {
        this.#classes = known + 16;
        const larger = new Int32Array(this.#classes * this.#contexts.length).fill(-1);
        larger.set(this.#verdicts);
        this.#verdicts = larger;
      }
    }
    return known;
  }

  #verdict(asker: number, context: number): number {
    const place = this.#classOf(asker) * this.#contexts.length + context;
    const known = this.#verdicts[place] as number;
    return known === -1 ? (this.#verdicts[place] = this.#decide(asker, null, context)) : known;
  }

  #joinedVerdict(asker: number, behalf: number, context: number): number {
    const place = (this.#classOf(asker) * 4096 + this.#classOf(behalf)) * this.#contexts.length + context;
    let known = this.#joined.get(place);
    if (known === undefined) this.#joined.set(place, (known = this.#decide(asker, behalf, context)));
    return known;
  }

  #decide(asker: number, behalf: number | null, context: number): number {
    const verdict = this.#year.judge.verdict(this.#stretch, this.#attributesOf(asker), behalf === null ? null : this.#attributesOf(behalf), this.#contexts[context] as ContextWord);
    const { found, none, down, bits, decisions } = this.#words;
    decisions.push(verdict.decision);
    found.push(this.#book.outcome(verdict.found));
    none.push(this.#book.outcome(verdict.none));
    down.push(this.#book.outcome(verdict.down));
    return bits.push((verdict.looks ? looks : 0) | (verdict.givesName ? givesName : 0) | (verdict.givesSex ? givesSex : 0) | (verdict.found.held ? holds : 0)) - 1;
  }
}

