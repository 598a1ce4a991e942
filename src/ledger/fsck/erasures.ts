import type { LogName } from '../record.ts';
import { leafData } from '../record.ts';
import type { Absence } from './logCheck.ts';

interface Erased {
  /** Days with the kind of record that was erased. */
  readonly days: { readonly day: string; readonly kind: string }[];
  /** Leaf indices of single entries. */
  readonly entries: Set<number>;
}

/** What the anchor log says was erased: only that explains why a record is not there. Whoever can write the folder controls the records. */
export class Erasures {
  readonly #byLog = new Map<LogName, Erased>();

  /** Takes note of a record of the anchor log: `erased`, subject `OWNER DAY`, detail `kind` and, for a single entry, `index`. */
  note(record: Buffer): void {
    const text = leafData(record).toString('utf8');
    if (!text.includes('"erased"')) return;
    const { event, subject, detail } = parsed(text);
    if (event !== 'erased' || typeof subject !== 'string' || typeof detail !== 'object' || detail === null) return;
    const [owner = '', day = ''] = subject.split(' ');
    const log = owner.toLowerCase();
    const erased = this.#byLog.get(log) ?? { days: [], entries: new Set() };
    this.#byLog.set(log, erased);
    const { kind, index } = detail as { kind?: unknown; index?: unknown };
    if (kind === 'entry' && typeof index === 'number') erased.entries.add(index);
    else if (kind === 'disclosure' || kind === 'other') erased.days.push({ day, kind });
  }

  /** How many of these leaves have no record for another reason. Where no record says their day, an erased day between those of their neighbours may be it. */
  unexplained(log: LogName, { from, to, day, kind, notBefore, notAfter }: Absence): number {
    const erased = this.#byLog.get(log);
    if (erased === undefined) return to - from;
    const fits = (one: { readonly day: string; readonly kind: string }): boolean =>
      day === null ? (notBefore === null || one.day >= notBefore) && (notAfter === null || one.day <= notAfter) : one.day === day && one.kind === kind;
    if (erased.days.some(fits)) return 0;
    let left = 0;
    for (let index = from; index < to; index += 1) if (!erased.entries.has(index)) left += 1;
    return left;
  }
}

function parsed(text: string): { readonly event?: unknown; readonly subject?: unknown; readonly detail?: unknown } {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
