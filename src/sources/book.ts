import type { Source, SourceResult, Sources } from '../exchange/ports.ts';
import { yamlProblemLine } from '../yaml/read.ts';
import type { Connector } from './connector.ts';
import { SourcesError } from './errors.ts';
import { guard, type Guard, type GuardState } from './guard.ts';
import { httpConnector } from './http.ts';
import { ownersOf, readMapping } from './mapping.ts';
import type { Mapping } from './mappingSchema.ts';
import { defaults, resolveConnection, type OpenConnection, type SourceSettings } from './settings.ts';
import { sqlConnector } from './sql.ts';
import { kinds } from './subject.ts';

/** A mapping file as it was read from disk. */
export interface MappingFile {
  readonly name: string;
  readonly text: string;
}

/** The health of one owner's source. Owners that share a connection share its numbers. */
export interface SourceState extends GuardState {
  readonly owner: string;
  /** Exact look-ups and searches are guarded apart: slow searches do not shut look-ups out. */
  readonly lane: 'lookup' | 'search';
}

/** The sources of all owners, until closed. */
export interface SourceBook extends Sources {
  states(): readonly SourceState[];
  close(): Promise<void>;
}

interface Opened {
  readonly owners: readonly string[];
  readonly connector: Connector;
  readonly lookups: Guard;
  readonly searches: Guard;
}

/**
 * Opens the sources that mapping files describe. Nothing is connected to until the first look-up, so a source that is
 * down keeps nothing from starting. Throws a `SourcesError` where a file or a setting is wrong.
 */
export async function openSources(files: readonly MappingFile[], settings: SourceSettings = {}): Promise<SourceBook> {
  const mappings = files.map(file => ({ file: file.name, mapping: checked(file) }));
  oncePerOwner(mappings);
  const connections = await Promise.all(mappings.map(({ mapping }) => resolveConnection(mapping.connection, settings)));
  const opened = mappings.map(({ mapping }, i) => open(mapping, connections[i] as OpenConnection, settings));
  const sources = new Map<string, Source>();
  for (const one of opened) for (const owner of one.owners) sources.set(owner, sourceOf(owner, one));
  let closed = false;
  return {
    of: owner => sources.get(owner) ?? null,
    states: () => opened.flatMap(({ owners, lookups, searches }) => {
      const [lookup, search] = [lookups.state, searches.state];
      return owners.flatMap(owner => [{ owner, lane: 'lookup' as const, ...lookup }, { owner, lane: 'search' as const, ...search }]);
    }),
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all(opened.map(one => one.connector.close()));
    },
  };
}

/** The connector of a mapping, without the guard: for `weir source test`. */
export function connectorOf(mapping: Mapping, connection: OpenConnection, settings: SourceSettings): Connector {
  const timeoutMs = settings.timeoutMs ?? defaults.timeoutMs;
  if (mapping.dialect === 'http') return httpConnector(connection, { timeoutMs, maxBytes: settings.maxBytes ?? defaults.maxBytes });
  return sqlConnector(mapping, mapping.dialect, {
    url: connection.url, timeoutMs, slots: settings.slots ?? defaults.slots, searchSlots: settings.searchSlots ?? defaults.searchSlots, batch: settings.batch ?? defaults.batch,
  });
}

function open(mapping: Mapping, connection: OpenConnection, settings: SourceSettings): Opened {
  const connector = connectorOf(mapping, connection, settings);
  const make = (): Guard => guard((owner, query, call) => connector.fetch(owner, query, call), {
    timeoutMs: settings.timeoutMs ?? defaults.timeoutMs, concurrent: settings.concurrent ?? defaults.concurrent, queue: settings.queue ?? defaults.queue,
    breaker: { ...defaults.breaker, ...settings.breaker, random: settings.random ?? Math.random, now: settings.now ?? (() => performance.now()) },
  });
  return { owners: ownersOf(mapping), connector, lookups: make(), searches: make() };
}

function sourceOf(owner: string, { lookups, searches }: Opened): Source {
  return { lookup: (query): Promise<SourceResult> => (kinds[query.subject.kind].search ? searches : lookups).lookup(owner, query) };
}

function checked(file: MappingFile): Mapping {
  const reading = readMapping(file.text);
  if (reading.ok) return reading.mapping;
  throw new SourcesError('MAPPING_INVALID', reading.problems.map(problem => yamlProblemLine(file.name, problem)).join('\n'));
}

function oncePerOwner(mappings: readonly { readonly file: string; readonly mapping: Mapping }[]): void {
  const seen = new Map<string, string>();
  for (const { file, mapping } of mappings) {
    for (const owner of ownersOf(mapping)) {
      const other = seen.get(owner);
      if (other !== undefined) throw new SourcesError('OWNER_TWICE', `${owner} has its records mapped in ${other} and in ${file}: one of them must go`);
      seen.set(owner, file);
    }
  }
}
