import { join } from 'node:path';
import type { Logger } from 'pino';
import { InsightDesk } from '../insight/desk.ts';
import type { LedgerPlaces } from './ledgerFolder.ts';
import type { SettingsFile } from './settings.ts';

export interface ArchiveOptions {
  /** Address of the database, with its password. */
  readonly url: string;
  /** The data folder. */
  readonly data: string;
  readonly ledger: LedgerPlaces;
  readonly settings: SettingsFile;
  /** Whether this is a demonstration, in which everything is invented. */
  readonly invented: boolean;
  /** The first sequence of the ledger that is not durable yet. */
  readonly durable: () => number;
  /** The invented year to see to, of one N-th of the real size, on the invented network; null where none is to be shown. */
  readonly year: { readonly scale: number; readonly seed: number; readonly agencies: number } | null;
  readonly log: Logger;
  /** One line for a person. */
  readonly say: (line: string) => void;
}

/** It can be read from the beginning on; it follows the ledger from `begin` on. */
export interface KeptArchive {
  readonly desk: InsightDesk;
  begin(): void;
  stop(): Promise<void>;
}

/** How long after the start, and how often then, the archive is brought up to the ledger. Milliseconds. */
const first = 20_000;
const again = 60_000;

/** The archive of a running exchange: read, and kept up to the ledger, by a process of its own. */
export function keepArchive({ url, data, ledger, settings, invented, year, durable, log, say }: ArchiveOptions): KeptArchive {
  const places = { url, archive: join(data, 'archive'), ledger, settings, invented };
  const desk = new InsightDesk({ places, onFault: (error) => log.error({ error }, 'the archive could not be read or brought up to the ledger; it is tried again') });
  let stopped = false;
  let timer: NodeJS.Timeout | null = null;
  const follow = async (): Promise<void> => {
    const answer = await desk.run({ kind: 'follow', until: durable() });
    if (stopped) return;
    if (answer.kind === 'none') log.warn({ why: answer.why }, 'the archive is behind the ledger');
    timer = setTimeout(() => void follow(), again).unref();
  };
  const invent = async (size: NonNullable<ArchiveOptions['year']>): Promise<void> => {
    const answer = await desk.run({ kind: 'year', ...size });
    if (stopped) return;
    if (answer.kind === 'year' && answer.made) say('  The invented year is there: npx weir brief WA, or open /briefings');
    if (answer.kind === 'none') log.warn({ why: answer.why }, 'the invented year could not be written: weir demo year');
  };
  return {
    desk,
    begin() {
      if (year !== null) void invent(year);
      timer = setTimeout(() => void follow(), first).unref();
    },
    async stop() {
      stopped = true;
      if (timer !== null) clearTimeout(timer);
      await desk.close();
    },
  };
}
