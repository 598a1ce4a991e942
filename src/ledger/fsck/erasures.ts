import type { LogName } from '../record.ts';
import { leafData } from '../record.ts';
import type { Absence } from './logCheck.ts';

interface Erasure {
  readonly day: string;
  readonly kind: string | null;
}

/** What the anchor log says was erased or pruned: only that explains why a record is not there. Whoever can write the folder controls the records. */
export class Erasures {
  readonly #byLog = new Map<LogName, Erasure[]>();

  /** Takes note of a record of the anchor log. */
  note(record: Buffer): void {
    const text = leafData(record).toString('utf8');
    if (!text.includes('"erased"') && !text.includes('"pruned"')) return;
    const entry = parsed(text);
    const event = entry['event'];
    if (event !== 'erased' && event !== 'pruned') return;
    const detail = typeof entry['detail'] === 'object' && entry['detail'] !== null ? (entry['detail'] as Record<string, unknown>) : {};
    const [owner = '', day = ''] = String(entry['subject']).split(' ');
    const kind = detail['kind'];
    const log = owner.toLowerCase();
    const list = this.#byLog.get(log) ?? [];
    list.push({ day, kind: typeof kind === 'string' ? kind : null });
    this.#byLog.set(log, list);
  }

  /** Whether an erasure on the record explains that these leaves have no record. A gap names no day: any erasure of the log may be it. */
  explain(log: LogName, absence: Absence): boolean {
    return (this.#byLog.get(log) ?? []).some(({ day, kind }) => (absence.day === null || absence.day === day) && (absence.kind === null || kind === null || kind === absence.kind));
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
