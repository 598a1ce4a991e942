import { join } from 'node:path';
import type { Logger } from 'pino';
import { openChanges } from '../../approvals/index.ts';
import { openDuties } from '../../duties/index.ts';
import { openAccounts } from '../../people/accounts/index.ts';
import { catchUpActs, noOwner, openActs } from '../../people/acts/index.ts';
import { openProviders } from '../../people/provider/index.ts';
import { openScim } from '../../people/scim/index.ts';
import type { LiveRegistry } from '../../registry/index.ts';
import { openDelivery } from '../../review/delivery/index.ts';
import { openReview, runClock, type ReviewParts } from '../../review/index.ts';
import type { Journal } from '../../exchange/index.ts';
import type { Sql } from '../../store/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import type { SteadyClock } from '../../store/steadyClock.ts';
import type { Keys, LedgerReader } from '../../ledger/index.ts';
import { changeChecker, type CheckDesks } from '../changes/checker.ts';
import type { PeopleDeps } from '../gate/deps.ts';
import type { Mode } from '../deps.ts';
import type { LedgerPlaces } from './ledgerFolder.ts';
import { inventCertificationText } from './inventedText.ts';
import { inventPersonas } from './personas.ts';
import { wireResidents } from './residents.ts';
import type { SettingsFile } from './settings.ts';
import { subjectAddress } from './subjectAddress.ts';
import { every, settled } from './timer.ts';
import { waitingFor } from './waiting.ts';
import { signInSettings } from './signIn.ts';

/** What the parts for people need of a running exchange. */
export interface PeopleWiring extends Pick<ReviewParts, 'policies' | 'sources' | 'confirmations' | 'reducer' | 'settings' | 'wire' | 'peer'> {
  readonly sql: Sql;
  readonly clock: SteadyClock;
  readonly keys: Keys;
  readonly journal: Journal;
  readonly recorded: JournalReader;
  readonly reader: LedgerReader;
  readonly places: LedgerPlaces;
  readonly registry: LiveRegistry;
  readonly desks: CheckDesks;
  readonly file: SettingsFile;
  readonly mode: Mode;
  /** Where browsers come in, once it is known: `https://weir.example:8444`, or the address of the demonstration. */
  readonly origin: () => string;
  readonly log: Logger;
}

/** Everything that people do, at work: what the listeners need of it, and how it ends. */
export interface RunningPeople {
  readonly deps: PeopleDeps;
  /** Sets the clocks going: the first turns read what the ledger has and the rows have not. */
  begin(): void;
  stop(): Promise<void>;
}

/** Opens the parts for people; their clocks stand until `begin`. */
export async function openPeople(wiring: PeopleWiring): Promise<RunningPeople> {
  const { sql, keys, journal, recorded, registry, file, mode, log, policies } = wiring;
  const { now, sure } = wiring.clock;
  const onFault = (error: unknown): void => log.error({ error }, 'a part for people failed; it is tried again');
  const acts = openActs({ sql, sealer: keys, journal, now });
  const seal = (owner: string, plain: string): string => keys.seal(owner, plain);
  const unseal = (owner: string, sealed: string): string => keys.unseal(owner, sealed);
  const own = { seal: (plain: string): string => seal(noOwner, plain), unseal: (sealed: string): string => unseal(noOwner, sealed) };
  const isOwner = (owner: string): boolean => policies.owners.includes(owner);
  const agencyName = (ori: string): string | null => registry.current().requester(ori)?.name ?? null;
  const { hostname, origin } = new URL(wiring.origin());
  const accounts = openAccounts({ sql, acts, settings: signInSettings(file), ...own, rp: { name: 'Weir', id: hostname, origins: [origin] }, isOwner, now, wall: Date.now });

  const review = openReview({
    ...wiring, acts, sealer: keys, agencyName, parentOf: (organisation) => registry.current().index.organisations.get(organisation)?.parent ?? null, papersFolder: join(wiring.places.ledger, '..', 'papers'), now, sure, patience: 250, onFault,
  });
  const delivery = openDelivery({ sql, acts, ...own, recorded, read: (ticket) => review.late(ticket), allow: file.delivery?.allow ?? [], allowLoopback: mode === 'demonstration', onFault });
  const changes = openChanges({ sql, acts, checker: changeChecker(wiring.desks), now });
  const duties = openDuties({
    sql, acts, now, journal: recorded, seal, unseal, registry: () => registry.current(), agencyName, subjectAddress: subjectAddress(wiring.sources),
    evidence: async (owner, year) => {
      const answer = await wiring.desks.insight.run({ kind: 'evidence', owner, year });
      if (answer.kind !== 'evidence') throw new Error('the archive could not be read for the evidence of a year');
      return new Map(answer.rows.map(({ organisation, lastMonth, ...counts }) => [organisation, { ...counts, lastAsked: lastMonth }]));
    },
  });
  const residents = wireResidents({ ...wiring, acts, now, isOwner, agencyName, settings: file });
  const providers = openProviders(file.providers ?? [], { accounts, acts, sql, origin: wiring.origin });

  const personas = mode === 'demonstration' ? await inventPersonas(accounts) : [];
  await inventCertificationText(duties, accounts, personas);

  const stops: (() => Promise<void>)[] = [];
  return {
    deps: {
      providerDesk: providers, scim: openScim({ sql, accounts }),
      accounts, acts, changes, review, duties, residents, sql, now, unseal, isOwner, agencyName, delivery,
      personas,
      waiting: waitingFor({ sql, duties, now }),
      providers: (file.providers ?? []).map(({ id, name }) => ({ id, name })),
    },
    begin() {
      const clock = runClock({ review, now, onFault });
      stops.push(
        () => clock.stop(),
        every(1_000, () => Promise.all([changes.tick(now()), duties.tick(now()), delivery.tick(Date.now())]), log),
        every(60_000, () => Promise.all([accounts.disableIdle(sure()), residents.tick(sure())]), log),
        every(10_000, () => catchUpActs(sql, recorded), log),
        () => settled(catchUpActs(sql, recorded), 'the table of acts', log),
      );
    },
    async stop() {
      for (const stop of stops) await stop();
      await delivery.close();
      await providers.close();
    },
  };
}
