import { openLane, within, type Lane, type Slot } from './coalescer.ts';
import type { Connector } from './connector.ts';
import { SourceFault } from './fault.ts';
import { inspectMapping } from './inspect.ts';
import type { Dialect } from './layout.ts';
import type { Mapping } from './mappingSchema.ts';
import { mysqlSlot } from './mysql.ts';
import { postgresSlot } from './postgres.ts';
import { shapes } from './shape.ts';
import { kinds } from './subject.ts';

export interface SqlOptions {
  readonly url: string;
  /** Milliseconds for one statement. */
  readonly timeoutMs: number;
  /** Statements for exact look-ups that may run at once. */
  readonly slots: number;
  /** Statements for searches that may run at once, on connections of their own: they cannot keep look-ups waiting. */
  readonly searchSlots: number;
  /** Look-ups in one statement, a power of two. */
  readonly batch: number;
}

const slotOf = { postgres: postgresSlot, mysql: mysqlSlot };
const searchBatch = 8;
/** The database ends a statement by its own clock; the connection is cut only where that does not come. */
const graceMs = 250;

/** Records in a database, read through the mapping. Owners that share the connection share the statements. */
export function sqlConnector(mapping: Mapping, dialect: Dialect, options: SqlOptions): Connector {
  const shapesOf = shapes(mapping, dialect);
  const slot = (search: boolean): Slot => slotOf[dialect]({ url: options.url, timeoutMs: options.timeoutMs, search });
  const lane = (search: boolean): Lane => openLane(() => slot(search), {
    slots: search ? options.searchSlots : options.slots,
    batch: search ? Math.min(searchBatch, options.batch) : options.batch,
    timeoutMs: options.timeoutMs + graceMs,
  });
  const lookups = lane(false);
  const searches = lane(true);
  return {
    fetch(owner, query, call) {
      const shape = shapesOf.of(query);
      if (shape === null) return Promise.reject(new SourceFault('misconfigured', `the mapping has no columns to look up a ${query.subject.kind} by`));
      return (kinds[query.subject.kind].search ? searches : lookups).lookup(shape, owner, query, call);
    },
    async inspect() {
      const one = slot(true);
      try {
        return await inspectMapping(mapping, dialect, statement => within(one.run(statement, []), options.timeoutMs + graceMs));
      } finally {
        one.destroy();
      }
    },
    async close() {
      await Promise.all([lookups.close(), searches.close()]);
    },
  };
}
