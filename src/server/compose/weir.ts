import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createExchange, defaultExchangeSettings, type ExchangeSettings } from '../../exchange/index.ts';
import { openConfirmations, openCredentials, serverCertificate, trustedAuthorities } from '../../people/index.ts';
import { pictureReducer } from '../../pictures/reduce.ts';
import { attributeSets, openRegistry } from '../../registry/index.ts';
import { sweepIdempotency, postgresIdempotency } from '../../store/idempotency.ts';
import { folderPath, migrate, openStore, removeServerFile, weirVersion, writeServerFile, type Store } from '../../store/index.ts';
import { postgresLimits } from '../../store/limits.ts';
import { latestVerdicts, listPolicies, openPolicies, readOverride, type LivePolicies } from '../../store/policies.ts';
import { postgresTickets, type TicketBook } from '../../store/tickets.ts';
import { allJurisdictions, defaultLegacyPurposes } from '../../vocabulary/index.ts';
import { defaultWireSettings, type WireSettings } from '../../wire/index.ts';
import { buildServer } from '../app.ts';
import type { Listener, Mode, ServerDeps } from '../deps.ts';
import { startListener, type ListenOptions, type RunningListener } from '../listen.ts';
import { createMetrics } from '../metrics.ts';
import { ProofDesk } from '../proof/desk.ts';
import { keepArchive } from './archive.ts';
import { changeRecorder } from './changes.ts';
import { watchClaims, type ClaimWatch } from './claims.ts';
import { openClock } from './clock.ts';
import { inventDemonstration, isDemonstration, recordsSchema, standingDemonstration, writeMapping, type DemonstrationSize, type Progress } from './demonstration.ts';
import { Disposer } from './disposer.ts';
import { examplesFor } from './examples.ts';
import { healthOf } from './health.ts';
import { openExchangeLedger } from './ledger.ts';
import { checkLedgerSettings, ledgerPlaces } from './ledgerFolder.ts';
import { meetTheLedger } from './missed.ts';
import { openPeople } from './people.ts';
import { assertPortFree } from './ports.ts';
import { readSettings, type SettingsFile } from './settings.ts';
import { signInOnRecord } from './signIn.ts';
import { openOwnersSources } from './sources.ts';
import { StartError } from './startError.ts';
import { every, settled } from './timer.ts';
import { watchUpkeep } from './upkeep.ts';

export interface WeirOptions {
  readonly data?: string;
  /** Settings file; `settings.yaml` in the data folder unless told. */
  readonly settings?: string;
  readonly port?: number;
  readonly tlsPort?: number;
  readonly production?: boolean;
  /** The clock on the wall is right, also where it is behind what the database has noted. */
  readonly believeClock?: boolean;
  readonly size: DemonstrationSize;
  /** A demonstration is given an invented year of one N-th of the real size; none where this is absent. */
  readonly year?: number | null;
  readonly log: Logger;
  /** One line for a person. */
  readonly say: (line: string) => void;
  readonly progress: Progress;
}

/** The exchange at work. */
export interface RunningWeir {
  /** Plain HTTP on loopback; null in production. */
  readonly http: string | null;
  readonly https: string;
  /** Where people come in with a browser; null where no port is set for them. */
  readonly people: string | null;
  readonly store: Store;
  readonly mode: Mode;
  readonly firstStart: boolean;
  readonly owners: number;
  readonly agencies: number;
  readonly entries: number;
  /** Stops taking queries, finishes those in hand, and closes everything. Returns what failed on the way. */
  stop(): Promise<readonly unknown[]>;
}

/** Brings everything up in order, and takes it down again where a step fails. */
export async function startWeir(options: WeirOptions): Promise<RunningWeir> {
  const begun = new Disposer();
  try {
    return await bringUp(options, begun);
  } catch (error) {
    await begun.dispose();
    throw error;
  }
}

async function bringUp(options: WeirOptions, begun: Disposer): Promise<RunningWeir> {
  const settings = await readSettings(options.settings ?? join(folderPath(options.data), 'settings.yaml'));
  await checkLedgerSettings(settings);
  const mode: Mode = options.production === true || settings.mode === 'production' ? 'production' : 'demonstration';
  const ports = { http: options.port ?? settings.http?.port ?? 8080, tls: options.tlsPort ?? settings.tls?.port ?? 8443 };
  const tlsHost = settings.tls?.host ?? '127.0.0.1';
  if (mode === 'demonstration') await assertPortFree('127.0.0.1', ports.http, '--port');
  await assertPortFree(tlsHost, ports.tls, '--tls-port');

  const store = await openStore({ ...(options.data === undefined ? {} : { data: options.data }), purpose: 'server', say: options.say, max: 8 });
  begun.add(() => store.stop());
  await migrate(store.sql);
  const recordsUrl = store.recordsUrl ?? `${store.url}${store.url.includes('?') ? '&' : '?'}search_path=${recordsSchema}`;
  const firstStart = await prepareData(store, mode, recordsUrl, options);

  const { sql } = store;
  const clock = await openClock(sql, { believe: options.believeClock === true, log: options.log, say: options.say });
  const { now } = clock;
  begun.add(() => settled(clock.note(), 'the note of the time', options.log));
  begun.add(every(10_000, () => clock.note(), options.log));
  const changes = changeRecorder();
  const onFault = (error: unknown): void => options.log.error({ error }, 'a change could not be loaded');
  // What is loaded first is part of the start, not a change: these are called before there is anything to tell.
  let started: LivePolicies | null = null;
  let claims: ClaimWatch | null = null;
  const onRegistry = (): void => {
    started?.recompile().catch(onFault);
    claims?.changed();
  };
  const onPolicies = (): void => claims?.changed();
  // Its thread reads the end of the journal while this one compiles policies.
  const opening = beside(begun, openExchangeLedger(ledgerPlaces(store.folder), settings, [...new Set([...allJurisdictions, ...(await listPolicies(sql)).map(({ owner }) => owner), nodeBox])], { mode, log: options.log }));
  const [registry, credentials, confirmations] = await Promise.all([openRegistry(sql, { onSwitch: onRegistry, onFault }), openCredentials(sql, now), openConfirmations(sql, now)]);
  const policies = await openPolicies(sql, { known: (owner) => attributeSets(registry.current(), owner, new Date(now())), now, onSwitch: onPolicies, onFault });
  started = policies;
  for (const live of [registry, policies, credentials, confirmations]) begun.add(() => live.close());

  const ledger = await opening;
  const { journal, recorded, keys } = ledger;
  // Before anybody is let in: a database from an older copy knows nothing of who left since.
  const { missed } = await meetTheLedger(sql, recorded, options);
  if (missed.done.size > 0 || missed.policies.size > 0) await Promise.all([credentials.refresh(), confirmations.refresh(), policies.refresh()]);
  begun.add(() => changes.record('stopped', weirVersion(), null));
  changes.to(journal);
  await changes.record('started', weirVersion(), registry.current().hash, signInOnRecord(settings));
  await ledger.followOutbox(sql);
  begun.add(watchUpkeep({ places: ledgerPlaces(store.folder), settings, owners: allJurisdictions }, journal, options.log, clock));

  const sources = await openOwnersSources(store.paths.sources, settings, recordsUrl);
  begun.add(() => sources.close());
  const tickets = postgresTickets(sql);
  const limits = postgresLimits(sql, { onFault: (error) => options.log.error({ error }, 'a counter of a limit could not be given back') });
  await limits.start(recorded);
  // What is counted by the stop need not be read from the journal by the next start.
  begun.add(() => settled(limits.catchUp(recorded), 'the counters of limits', options.log));

  const desk = new ProofDesk({ url: store.url, onFault: (error) => options.log.error({ error }, 'a proof failed') });
  begun.add(() => claims?.stop());
  begun.add(() => desk.close());

  const archive = keepArchive({
    url: store.url, data: store.folder, ledger: ledgerPlaces(store.folder), settings, invented: mode === 'demonstration', durable: () => ledger.thread.size, year: mode === 'demonstration' ? await yearFor(store, options) : null, log: options.log, say: options.say,
  });
  begun.add(() => archive.stop());

  const metrics = createMetrics();
  const shared = { settings: exchangeSettings(settings, mode), policies, sources, confirmations, reducer: pictureReducer(), wire: wireSettings(settings), peer: peerBook(settings) };
  const exchange = createExchange({
    ...shared, registry, journal, tickets, limits,
    sealer: keys,
    idempotency: postgresIdempotency(sql, { seal: (plain) => keys.seal(nodeBox, plain), unseal: (sealed) => keys.unseal(nodeBox, sealed) }),
    clock,
    firstNumber: ledger.thread.size,
    onAnswer: (key, owner, status) => metrics.ownerAnswer(key, owner, status),
    onFault: (error) => options.log.error({ error }, 'a fault while answering'),
  });
  metrics.watch({
    journalHealthy: () => journal.healthy,
    inFlight: () => exchange.capacity.inHand,
    claims: () => claims?.failing() ?? [],
    breakers: () => sources.states().filter(({ lane }) => lane === 'lookup').map(({ owner, breaker }) => ({ owner, state: breaker })),
  });
  const people = await openPeople({
    ...shared, sql, clock, keys, journal, recorded, reader: ledger.reader, places: ledgerPlaces(store.folder), registry, desks: { proof: desk, insight: archive.desk }, file: settings, mode, log: options.log,
    origin: () => peopleOrigin(settings, mode, ports.http),
  });
  begun.add(() => people.stop());

  const server = await serverCertificate(store.paths.keys, [...(settings.tls?.names ?? []), ...(settings.people?.names ?? [])]);
  const authorities = await trustedAuthorities(store.paths.keys);
  const deps: Omit<ServerDeps, 'listener'> = {
    exchange, registry, policies, credentials, metrics, mode,
    tickets: { find: (id) => findTicket(tickets, id, now()) },
    policyDesk: {
      of: (owner) => policies.of(owner),
      verdicts: (owner, version) => latestVerdicts(sql, owner, version),
      override: (owner, version) => readOverride(sql, owner, version),
      run: (job) => desk.run(job),
    },
    logDesk: ledger.desk,
    insight: archive.desk,
    people: people.deps,
    health: healthOf({ journal, sql, registry, policies, ledger: () => ledger.status() }),
    log: options.log,
    version: weirVersion(),
    examples: examplesFor(mode),
  };
  const listeners: RunningListener[] = [];
  begun.add(() => removeServerFile(store.folder));
  begun.add(async () => {
    await Promise.all(listeners.map((listener) => listener.close()));
  });
  const listen = async (listener: Listener, where: ListenOptions): Promise<string> => {
    const running = await startListener(buildServer({ ...deps, listener }), where);
    listeners.push(running);
    return running.url;
  };
  const https = await listen({ kind: 'mtls', key: server.key, cert: server.certificate, ca: authorities }, { host: tlsHost, port: ports.tls });
  const http = mode === 'demonstration' ? await listen({ kind: 'http' }, { host: '127.0.0.1', port: ports.http }) : undefined;
  if (mode === 'production' && settings.people?.port !== undefined) {
    const own = settings.people.key === undefined || settings.people.cert === undefined ? { key: server.key, cert: server.certificate } : await keyFiles(settings.people.key, settings.people.cert);
    await listen({ kind: 'people', ...own }, { host: settings.people.host ?? '127.0.0.1', port: settings.people.port });
  }
  const open = settings.ledger?.public;
  if (open?.port !== undefined) await listen({ kind: 'public' }, { host: open.host ?? '0.0.0.0', port: open.port, anywhere: true });
  const comeIn = http ?? (settings.people?.port === undefined ? null : peopleOrigin(settings, mode, ports.http));
  await writeServerFile(store.folder, [http, https].filter((url) => url !== undefined), comeIn);

  // What no answer waits for begins when queries are taken, and takes no processor from what they wait for.
  people.begin();
  begun.add(every(60_000, () => sweepIdempotency(sql), options.log));
  // A start after a kill reads what came since the last turn.
  begun.add(every(10_000, () => limits.catchUp(recorded), options.log));
  claims = watchClaims({ sql, desk, changes, log: options.log });
  archive.begin();

  return {
    http: http ?? null, https, people: comeIn, store, mode, firstStart,
    owners: policies.owners.length, agencies: registry.current().size, entries: ledger.thread.size,
    stop: () => begun.dispose(),
  };
}

/** Something that is opened beside what comes next, and closed whatever becomes of that. */
function beside<T extends { close(): Promise<void> }>(begun: Disposer, opening: Promise<T>): Promise<T> {
  // A failure is met where it is awaited; what failed to open has nothing to close.
  const opened = opening.catch(() => null);
  begun.add(async () => (await opened)?.close());
  return opening;
}

/** Where browsers come in. */
function peopleOrigin({ people }: SettingsFile, mode: Mode, http: number): string {
  if (mode === 'demonstration') return `http://localhost:${http}`;
  return people?.origin ?? `https://${people?.names?.[0] ?? 'localhost'}:${people?.port ?? 443}`;
}

/** Key and certificate of the listener for people, as the settings name them. */
async function keyFiles(key: string, cert: string): Promise<{ readonly key: Buffer; readonly cert: Buffer }> {
  try {
    return { key: await readFile(key), cert: await readFile(cert) };
  } catch (cause) {
    throw new StartError('PEOPLE_TLS', 'the key or certificate of the listener for people cannot be read', 'Set `people.key` and `people.cert` to files that are there, or leave both out.', { cause });
  }
}

/** The key under which kept answers are sealed: no owner's, this exchange's own. */
const nodeBox = '00';

/** In a demonstration, invents the network where there is none. Invented and real data never share a store. */
async function prepareData(store: Store, mode: Mode, recordsUrl: string, options: WeirOptions): Promise<boolean> {
  if (mode === 'production') {
    if (await isDemonstration(store.sql)) {
      throw new StartError('DEMONSTRATION_DATA', 'this data folder holds the invented network of the demonstration', 'Use another data folder or database for production.');
    }
    return false;
  }
  if ((await standingDemonstration(store.sql)) !== null) {
    await writeMapping(store.paths.sources);
    return false;
  }
  if (!(await isDemonstration(store.sql)) && (await holdsRegistry(store))) {
    throw new StartError('REAL_DATA', 'this data folder holds a registry that is not the demonstration', 'Start it with --production, or use another data folder for the demonstration.');
  }
  options.say(`First start: inventing ${options.size.agencies.toLocaleString('en-US')} agencies and ${options.size.residents.toLocaleString('en-US')} residents.`);
  await inventDemonstration(store, recordsUrl, options.size, options.progress);
  return true;
}

/** The invented year is of the network that stands in the store, whatever was asked for this time. */
async function yearFor({ sql }: Store, { year, size }: WeirOptions): Promise<{ readonly scale: number; readonly seed: number; readonly agencies: number } | null> {
  if (year === undefined || year === null) return null;
  const { seed, agencies } = (await standingDemonstration(sql)) ?? size;
  return { scale: year, seed, agencies };
}

async function holdsRegistry(store: Store): Promise<boolean> {
  const [row] = await store.sql<{ found: boolean }[]>`select exists (select 1 from registry_version) as found`;
  return row?.found === true;
}

function exchangeSettings(settings: SettingsFile, mode: Mode): ExchangeSettings {
  const file = settings.exchange ?? {};
  return {
    capacity: file.capacity ?? defaultExchangeSettings.capacity,
    matchLimit: file.matchLimit ?? defaultExchangeSettings.matchLimit,
    regions: file.regions ?? {},
    legacyPurposes: {
      reason: { ...defaultLegacyPurposes.reason, ...(file.reasonCodes as Partial<typeof defaultLegacyPurposes.reason>) },
      purpose: { ...defaultLegacyPurposes.purpose, ...(file.purposeCodes as Partial<typeof defaultLegacyPurposes.purpose>) },
    },
    demonstration: mode === 'demonstration',
    witnessed: settings.ledger?.witnessed ?? {},
    engine: `weir ${weirVersion()}`,
  };
}

function wireSettings(settings: SettingsFile): WireSettings {
  return { ...defaultWireSettings, ...(settings.exchange?.regions === undefined ? {} : { regionCodes: Object.keys(settings.exchange.regions) }), ...(settings.wire as Partial<WireSettings> | undefined) };
}

function peerBook(settings: SettingsFile): (ori: string) => { codes: 'weir' | 'published' } {
  const published = new Set(settings.peers?.published ?? []);
  return (ori) => ({ codes: published.has(ori) ? 'published' : 'weir' });
}

async function findTicket(tickets: TicketBook, id: string, now: number): ReturnType<ServerDeps['tickets']['find']> {
  const found = await tickets.find(id, new Date(now));
  if (found === null) return null;
  const { inquiry, owner, requester, asked, deadline, onTimeout, state } = found;
  return { id, inquiry, owner, requester, asked, deadline, onTimeout, status: state === 'waiting' ? 'held' : 'expired' };
}
