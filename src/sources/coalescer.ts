import type { RecordData } from '../model/index.ts';
import type { SourceQuery, SourceResult } from '../exchange/ports.ts';
import type { Call } from './connector.ts';
import type { Row } from './layout.ts';
import { SourceFault } from './fault.ts';
import type { Parameter, Shape } from './shape.ts';

/** One connection to a database, running one statement at a time. */
export interface Slot {
  /** Rejects with a `SourceFault`; one that says `lost` leaves the slot unusable. */
  run(statement: string, parameters: readonly Parameter[]): Promise<readonly Row[]>;
  /** Cuts the connection without a farewell. */
  destroy(): void;
  close(): Promise<void>;
}

export interface LaneOptions {
  /** How many statements may run at once: one connection each. */
  readonly slots: number;
  /** How many look-ups one statement may answer. */
  readonly batch: number;
  /** After so many milliseconds a statement is given up and its connection cut. */
  readonly timeoutMs: number;
}

/** Look-ups on their way to one database. */
export interface Lane {
  /** Rejects with a `SourceFault`. A look-up that nobody waits for any more when its statement is sent is left out of it. */
  lookup(shape: Shape, owner: string, query: SourceQuery, call: Call): Promise<SourceResult>;
  close(): Promise<void>;
}

interface Item {
  readonly key: string;
  readonly owner: string;
  readonly parameters: readonly Parameter[];
  readonly call: Call;
  readonly resolve: (result: SourceResult) => void;
  readonly reject: (fault: SourceFault) => void;
}

/**
 * Merges simultaneous look-ups into one statement. There is no timer: look-ups of one turn of the event loop go together,
 * and those that come while all slots are busy wait for a slot and then go together. Equal look-ups of one batch are asked once.
 */
export function openLane(open: () => Slot, options: LaneOptions): Lane {
  const slots = Array.from({ length: options.slots }, open);
  const free = [...slots];
  const waiting = new Map<Shape, Item[]>();
  let scheduled = false;
  let closed = false;

  function schedule(): void {
    if (scheduled || free.length === 0 || waiting.size === 0) return;
    scheduled = true;
    setImmediate(pump);
  }

  function pump(): void {
    scheduled = false;
    while (waiting.size > 0) {
      const slot = free.pop();
      if (slot === undefined) return;
      const batch = take();
      if (batch === null) {
        free.push(slot);
        return;
      }
      void answer(slot, batch.shape, batch.items).then(next => {
        if (closed) return;
        free.push(next);
        schedule();
      });
    }
  }

  /** The shape that has waited longest; what does not fit goes to the end of the line, so that no shape starves another. */
  function take(): { readonly shape: Shape; readonly items: readonly Item[] } | null {
    for (const [shape, queue] of waiting) {
      waiting.delete(shape);
      const live = queue.filter(item => !item.call.gone);
      if (live.length === 0) continue;
      if (live.length > options.batch) waiting.set(shape, live.slice(options.batch));
      return { shape, items: live.slice(0, options.batch) };
    }
    return null;
  }

  /** Answers a batch and gives back the slot, or a new one in place of a slot that was lost. Never rejects. */
  async function answer(slot: Slot, shape: Shape, items: readonly Item[]): Promise<Slot> {
    const groups = new Map<string, Item[]>();
    for (const item of items) {
      const group = groups.get(item.key);
      if (group === undefined) groups.set(item.key, [item]);
      else group.push(item);
    }
    const distinct = [...groups.values()];
    try {
      hand(shape, distinct, await execute(slot, shape, distinct));
      return slot;
    } catch (error) {
      const fault = asFault(error);
      const next = fault.lost ? replace(slot) : slot;
      if (fault.data && distinct.length > 1) return oneByOne(next, shape, distinct);
      for (const item of items) item.reject(fault);
      return next;
    }
  }

  /** The database refused a value of one look-up: the others must not suffer for it. */
  async function oneByOne(slot: Slot, shape: Shape, groups: readonly Item[][]): Promise<Slot> {
    let at = slot;
    for (const group of groups) at = await answer(at, shape, group);
    return at;
  }

  function execute(slot: Slot, shape: Shape, groups: readonly Item[][]): Promise<readonly Row[]> {
    const size = padded(groups.length);
    const parameters: Parameter[] = [];
    for (const [first] of groups) if (first !== undefined) parameters.push(...first.parameters);
    const each = parameters.length / groups.length;
    while (parameters.length < size * each) parameters.push(null); // nothing equals null: an idle branch finds nothing
    return within(slot.run(shape.statement(size), parameters), options.timeoutMs);
  }

  function replace(slot: Slot): Slot {
    slot.destroy();
    const next = open();
    slots[slots.indexOf(slot)] = next;
    return next;
  }

  return {
    lookup(shape, owner, query, call) {
      return new Promise((resolve, reject) => {
        if (closed) { reject(new SourceFault('down', 'the source is closed')); return; }
        const parameters = shape.parameters(query.subject, owner);
        const item: Item = { key: JSON.stringify([owner, parameters]), owner, parameters, call, resolve, reject };
        const queue = waiting.get(shape);
        if (queue === undefined) waiting.set(shape, [item]);
        else queue.push(item);
        schedule();
      });
    },
    async close() {
      closed = true;
      for (const queue of waiting.values()) for (const item of queue) item.reject(new SourceFault('down', 'the source is closed'));
      waiting.clear();
      await Promise.all(slots.map(slot => slot.close()));
    },
  };
}

/** Gives each group the rows that bear its place. A record that cannot be read fails its own look-ups only. */
function hand(shape: Shape, groups: readonly Item[][], rows: readonly Row[]): void {
  const byPlace: Row[][] = groups.map(() => []);
  for (const row of rows) {
    const place = byPlace[Number(row[0])];
    if (place === undefined) throw new SourceFault('misconfigured', 'the database answered a question that was not asked');
    place.push(row);
  }
  for (const [place, group] of groups.entries()) {
    const owner = group[0]?.owner ?? '';
    try {
      const result = resultOf(shape, byPlace[place] ?? [], owner);
      for (const item of group) item.resolve(result);
    } catch (error) {
      const fault = asFault(error);
      for (const item of group) item.reject(fault);
    }
  }
}

function resultOf(shape: Shape, rows: readonly Row[], owner: string): SourceResult {
  if (rows.length === 0) return { status: 'none' };
  const records: RecordData[] = rows.slice(0, shape.limit).map(row => shape.read(row, owner));
  return { status: 'found', records, more: rows.length > shape.limit };
}

/** The next power of two, so that few statements are prepared and each is used again. */
function padded(count: number): number {
  return count <= 1 ? 1 : 2 ** (32 - Math.clz32(count - 1));
}

/** A connection that is silent cannot be trusted with the next statement: it is given up as lost. */
export function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new SourceFault('timeout', 'the database did not answer in time', { counts: true, lost: true }));
    }, timeoutMs);
    work.then(
      value => {
        clearTimeout(timer);
        resolve(value);
      },
      (error: unknown) => {
        clearTimeout(timer);
        reject(asFault(error));
      },
    );
  });
}

function asFault(error: unknown): SourceFault {
  return error instanceof SourceFault ? error : new SourceFault('down', 'the source failed in an unexpected way', { counts: true, lost: true });
}
