import type { Requester } from '../../exchange/ports.ts';
import type { Ori } from '../../model/index.ts';
import type { ContentSnapshot } from '../../registry/index.ts';
import { undeclaredAttributes, type RequesterAttributes } from '../../vocabulary/index.ts';
import type { Remark } from './reasons.ts';

/** An agency as a log names it. */
export interface PlacedOri {
  readonly ori: Ori;
  readonly requester: Requester | null;
  /** The registry does not know it as one that can ask. */
  readonly unplaced: 'unknownOri' | 'inactiveOri' | null;
  readonly mended: Extract<Remark, 'oriMended' | 'oriPadded'> | null;
  /** The numbers of its words in the dictionary by its attributes, which change from day to day; filled by whoever archives. */
  readonly words: Map<RequesterAttributes, number>;
  day: number;
  word: number;
}

/** Finds agencies in the registry by what a log writes. Mends only what is certain: capitals, outer spaces, and the two digits that are left out of an ORI. */
export class Oris {
  readonly #registry: ContentSnapshot;
  readonly #owner: string;
  readonly #known = new Map<string, PlacedOri | null>();
  readonly #placed = new Map<Ori, PlacedOri>();
  #offices: Map<string, boolean> | null = null;
  #sevens: Map<string, Ori | null> | null = null;

  constructor(registry: ContentSnapshot, owner: string) {
    this.#registry = registry;
    this.#owner = owner;
  }

  /** Null where the text is no ORI. */
  find(text: string): PlacedOri | null {
    let found = this.#known.get(text);
    if (found !== undefined) return found;
    found = this.#find(text);
    // Whoever wrote the log controls the texts: they are forgotten where there are too many.
    if (this.#known.size >= mostTexts) this.#known.clear();
    this.#known.set(own(text), found);
    return found;
  }

  attributes(placed: PlacedOri, at: number): RequesterAttributes {
    return placed.requester?.attributes(this.#owner, new Date(at)) ?? undeclaredAttributes;
  }

  #find(text: string): PlacedOri | null {
    const trimmed = text.trim();
    const upper = trimmed.replace(/[a-z]+/g, (letters) => letters.toUpperCase());
    if (/^[A-Z]{2}[A-Z0-9]{5}$/.test(upper)) {
      const whole = this.#bySeven(upper);
      return whole === null ? null : this.#place(whole, 'oriPadded');
    }
    if (!/^[A-Z]{2}[A-Z0-9]{7}$/.test(upper)) return null;
    // Nine letters may be a surname out of the wrong column: without a digit only the registry makes it an ORI.
    if (!/\d/.test(upper) && !this.#active().has(upper)) return null;
    return this.#place(upper, upper === text ? null : 'oriMended');
  }

  #place(ori: Ori, mended: PlacedOri['mended']): PlacedOri {
    const same = this.#placed.get(ori);
    if (same !== undefined && same.mended === mended) return same;
    const requester = this.#registry.requester(ori);
    const unplaced = requester !== null ? null : this.#active().has(ori) ? 'inactiveOri' : 'unknownOri';
    const placed: PlacedOri = { ori, requester, unplaced, mended, words: same?.words ?? new Map<RequesterAttributes, number>(), day: -1, word: -1 };
    if (same === undefined) {
      if (this.#placed.size >= mostTexts) this.#placed.clear();
      this.#placed.set(ori, placed);
    }
    return placed;
  }

  #active(): ReadonlyMap<string, boolean> {
    return (this.#offices ??= new Map(this.#registry.content.offices.map(({ ori, active }) => [ori, active])));
  }

  /** The one ORI that begins with these seven characters. */
  #bySeven(seven: string): Ori | null {
    if (this.#sevens === null) {
      this.#sevens = new Map();
      for (const { ori } of this.#registry.content.offices) {
        const start = ori.slice(0, 7);
        this.#sevens.set(start, this.#sevens.has(start) ? null : ori);
      }
    }
    return this.#sevens.get(seven) ?? null;
  }
}

const mostTexts = 400_000;

/** A copy of its own: a piece of a long text would keep all of that in memory. */
export function own(text: string): string {
  return text.length < 13 ? text : Buffer.from(text, 'utf8').toString('utf8');
}
