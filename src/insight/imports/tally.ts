import { refusals, remarks, skips, type Reason, type Refusal, type Remark, type Skip } from './reasons.ts';

/** How often something was met, and where first: lines of a file, from 1. */
export interface Count {
  readonly count: number;
  readonly first: readonly { readonly file: number; readonly line: number }[];
}

/** `TallyState` is JSON: it is kept so that a later run goes on. */
export interface TallyState {
  readonly read: number;
  readonly counts: Readonly<Partial<Record<Reason, Count>>>;
  readonly oris: Readonly<Record<string, number>>;
  /** Milliseconds; null where nothing was archived. */
  readonly earliest: number | null;
  readonly latest: number | null;
}

/** The lines of a log, each counted exactly once; and remarks on some of those that were archived. */
export class Tally {
  readonly #listed: number;
  readonly #counts = new Map<Reason, { count: number; first: { file: number; line: number }[] }>();
  readonly #oris = new Map<string, number>();
  #read = 0;
  #earliest = Infinity;
  #latest = -Infinity;

  /** `listed`: how many line numbers are kept of each reason. */
  constructor(listed: number, from: TallyState | null = null) {
    this.#listed = listed;
    if (from === null) return;
    this.#read = from.read;
    this.#earliest = from.earliest ?? Infinity;
    this.#latest = from.latest ?? -Infinity;
    for (const [reason, { count, first }] of Object.entries(from.counts)) this.#counts.set(reason as Reason, { count, first: [...first] });
    for (const [ori, count] of Object.entries(from.oris)) this.#oris.set(ori, count);
  }

  get read(): number {
    return this.#read;
  }

  /** `lines` lines were read of one entry (or of none): the first is `what`, the others continue it. */
  line(what: Skip | Refusal | 'archived' | 'duplicate', file: number, line: number, lines = 1): void {
    this.#read += lines;
    this.#add(what, file, line, 1);
    if (lines > 1) this.#add('continued', file, line + 1, lines - 1);
  }

  remark(what: Remark, file: number, line: number): void {
    this.#add(what, file, line, 1);
  }

  archivedAt(at: number): void {
    if (at < this.#earliest) this.#earliest = at;
    if (at > this.#latest) this.#latest = at;
  }

  /** An ORI that the registry does not know. Beyond `mostOris` only the number of lines is kept. */
  unplaced(ori: string): void {
    const known = this.#oris.get(ori);
    if (known !== undefined || this.#oris.size < mostOris) this.#oris.set(ori, (known ?? 0) + 1);
  }

  count(what: Reason): number {
    return this.#counts.get(what)?.count ?? 0;
  }

  /** How many lines of each fate there are; they add up to `read`, or lines were lost. */
  get accounted(): number {
    return fates.reduce((sum, what) => sum + this.count(what), 0);
  }

  get refused(): number {
    return refusalNames.reduce((sum, what) => sum + this.count(what), 0);
  }

  state(): TallyState {
    const counts: Partial<Record<Reason, Count>> = {};
    for (const [reason, { count, first }] of this.#counts) counts[reason] = { count, first: first.map((one) => ({ ...one })) };
    return {
      read: this.#read, counts, oris: Object.fromEntries(this.#oris),
      earliest: this.#earliest === Infinity ? null : this.#earliest, latest: this.#latest === -Infinity ? null : this.#latest,
    };
  }

  #add(what: Reason, file: number, line: number, by: number): void {
    let found = this.#counts.get(what);
    if (found === undefined) this.#counts.set(what, (found = { count: 0, first: [] }));
    found.count += by;
    if (found.first.length < this.#listed && what !== 'archived') found.first.push({ file, line });
  }
}

export const skipNames = Object.keys(skips) as readonly Skip[];
export const refusalNames = Object.keys(refusals) as readonly Refusal[];
export const remarkNames = Object.keys(remarks) as readonly Remark[];
const fates: readonly Reason[] = [...skipNames, ...refusalNames, 'archived', 'duplicate'];
const mostOris = 20_000;
