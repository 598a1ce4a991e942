import { join } from 'node:path';
import { policyOf, record, world } from '../test/exchangeParts.ts';
import { createExchange, type Exchange } from '../src/exchange/index.ts';
import { openKeys, openReader } from '../src/ledger/index.ts';
import { openActs } from '../src/people/acts/index.ts';
import { openReview, type ReviewDesk } from '../src/review/index.ts';
import { rememberRecent } from '../src/server/compose/recent.ts';
import { connect } from '../src/store/connect.ts';
import { follow, lookEvery } from '../src/store/follow.ts';
import { steadyClock } from '../src/store/steadyClock.ts';
import { drainOutbox, ledgerChannel } from '../src/store/outbox.ts';
import { postgresTickets } from '../src/store/tickets.ts';
import { openBenchLedger } from './ledgerFolder.ts';

/** What of an exchange held requests need: a real ledger, a real database, and an invented registry, policy and source. */
export interface HeldParts {
  readonly exchange: Exchange;
  readonly review: ReviewDesk;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/** Opens them in this process, which ends with them. By what a request states: `violentCrime` is released at its end, `emergency` is answered at once, `fraud` finds nothing; all else is refused at its end. */
export async function openHeldParts(folder: string, url: string, withinSeconds = 3_600): Promise<HeldParts> {
  const sql = connect(url, { max: 8 });
  const keys = await openKeys(join(folder, 'keys'), ['ZY', '00']);
  const { ledger } = await openBenchLedger(folder, { publishMs: 500 });
  const { journal, reader } = rememberRecent(ledger, openReader({ journal: join(folder, 'journal'), place: join(folder, 'ledger'), days: keys.days }));
  const onFault = (error: unknown): void => void process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  const { now } = steadyClock();
  const policy = policyOf('ZY', ({ purpose }, dataClass) => {
    if (dataClass !== 'photo') return {};
    const review = { by: 'desk', withinSeconds, onTimeout: purpose === 'violentCrime' ? 'release' as const : 'deny' as const };
    return purpose === 'emergency' ? { outcome: 'release', review } : { outcome: 'hold', review };
  });
  const { parts } = world({
    sealer: keys, journal, tickets: postgresTickets(sql), clock: { now }, policies: { owners: ['ZY'], of: (owner) => (owner === 'ZY' ? policy : null) }, onFault,
    sources: { of: () => ({ lookup: ({ subject, classes }) => Promise.resolve(isGone(subject, classes) ? { status: 'none' } : { status: 'found', records: [record], more: false }) }) },
  });
  const review = openReview({ patience: 250,
    sql, acts: openActs({ sql, sealer: keys, journal, now }), sealer: keys, policies: parts.policies, sources: parts.sources, registry: parts.registry, confirmations: parts.confirmations, reducer: parts.reducer,
    settings: parts.settings, wire: parts.wire, peer: parts.peer, recorded: reader, agencyName: () => null, parentOf: () => null, papersFolder: join(folder, 'papers'), now, onFault,
  });
  await follow(sql, ledgerChannel, () => drainOutbox(sql, (entries) => journal.append(entries)), { onFault, every: lookEvery });
  return { exchange: createExchange(parts), review, now, onFault };
}

/** A record that was there when it was asked for, and is gone when its photo is to be released. */
export const goneNumber = 'G0000000001';

function isGone(subject: { readonly kind: string; readonly number?: string }, classes: readonly string[]): boolean {
  return subject.number === goneNumber && classes.includes('photo');
}
