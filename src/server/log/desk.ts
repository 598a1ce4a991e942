import type { Journal } from '../../exchange/ports.ts';
import { latestCheckpoint, makeOpening, OpeningError, ownOri } from '../../ledger/opening/index.ts';
import { openProofs, type Proofs } from '../../ledger/proofs.ts';
import { readLogFile } from '../../ledger/publish/tileStore.ts';
import type { LedgerReader } from '../../ledger/reader.ts';
import type { Ori } from '../../model/index.ts';
import { formatProof } from '../../verify/proof.ts';

/** One log as the list of logs has it. */
export interface LogLine {
  /** `wa`, or `anchor`. */
  readonly name: string;
  readonly origin: string;
  /** Leaves under the latest checkpoint. */
  readonly size: number;
  /** `ORIGIN+KEYID+KEY` (C2SP signed-note). */
  readonly vkey: string;
}

/** What the routes of the log ask. Whoever asks over HTTP controls every argument. */
export interface LogDesk {
  readonly prefix: string;
  logs(): Promise<readonly LogLine[]>;
  /** The trust policy (C2SP tlog-policy): the keys of all logs and of receipts, and the witnesses. */
  policy(): Promise<string>;
  /** A public file of a log; null where there is none. */
  file(log: string, path: string): Promise<Uint8Array | null>;
  /** A `.tlog-proof` of one leaf; null where no checkpoint covers it. */
  proof(log: string, index: number): Promise<string | null>;
  /**
   * The opening of one entry to the agency with these ORIs (null on the demonstration, where everybody is the agency that asked), as the text of a bundle.
   * Null where it is not its own, was erased or is not there. Rejects with a `JournalError` where the opening cannot be recorded.
   */
  openToAgency(log: string, index: number, oris: ReadonlySet<Ori> | null): Promise<AgencyOpening | null>;
}

/** `later`: it is recorded, and no checkpoint covers that record yet; ask again. */
export type AgencyOpening = { readonly state: 'opened'; readonly bundle: string } | { readonly state: 'later' };

/** What the desk is made of. */
export interface LogDeskParts {
  readonly prefix: string;
  /** The folder of the ledger. */
  readonly place: string;
  readonly reader: LedgerReader;
  readonly recorder: Pick<Journal, 'append'>;
  /** Names of the logs that there are. */
  readonly names: () => readonly string[];
  /** The public key of a log, or of `receipts`, as text. */
  readonly vkey: (name: string) => Promise<string>;
  /** The policy that names the witnesses; null where there are none. Its own `log` lines are left out. */
  readonly witnesses: string | null;
  /** How long an opening waits for its checkpoint, in milliseconds. */
  readonly patience?: number;
}

/** The desk over the folder of a ledger. */
export function openLogDesk({ prefix, place, reader, recorder, names, vkey, witnesses, patience = 10_000 }: LogDeskParts): LogDesk {
  const makers = new Map<string, { readonly note: string; readonly maker: Proofs }>();
  const filesOf = (log: string) => (path: string): Promise<Buffer | null> => readLogFile(place, log, path);
  return {
    prefix,
    logs: () => Promise.all([...names()].sort().map(async (name): Promise<LogLine> => ({
      name, origin: `${prefix}/log/${name}`, size: (await latestCheckpoint(filesOf(name)))?.size ?? 0, vkey: await vkey(name),
    }))),
    policy: async () => {
      const keys = await Promise.all([...[...names()].sort(), 'receipts'].map(async (name) => `log ${await vkey(name)}\n`));
      return `${keys.join('')}${witnesses === null ? 'quorum none\n' : withoutLogs(witnesses)}`;
    },
    file: (log, path) => readLogFile(place, log, path),
    proof: async (log, index) => {
      const files = filesOf(log);
      for (const name of ['cosigned', 'checkpoint'] as const) {
        const latest = await latestCheckpoint(files, name);
        if (latest === null || latest.size <= index) continue;
        const kept = makers.get(`${log} ${name}`);
        // Many proofs are asked for under one checkpoint: its tiles are read and hashed once.
        const maker = kept?.note === latest.note ? kept.maker : openProofs(files, latest.size);
        makers.set(`${log} ${name}`, { note: latest.note, maker });
        return formatProof({ index, hashes: await maker.inclusion(index), checkpoint: latest.note });
      }
      return null;
    },
    openToAgency: async (log, index, oris) => {
      if (!/^[a-z0-9]{2}$/.test(log)) return null;
      const found = await reader.entry(log, index);
      if (found === null || found === 'erased') return null;
      const asker = oris ?? askerOf(found.entry);
      const who = ownOri(found.entry, asker);
      if (who === null) return null;
      try {
        const made = await makeOpening({ reader, logFiles: filesOf(log), to: 'agency', who, order: null, log, indices: [index], oris: asker, patience }, recorder);
        if (!made.ok) return null;
        let text = '';
        for await (const line of made.lines) text += line;
        return { state: 'opened', bundle: text };
      } catch (error) {
        if (error instanceof OpeningError) return error.code === 'OPENING_NOT_COVERED' ? { state: 'later' } : null;
        throw error;
      }
    },
  };
}

function askerOf(entry: Parameters<typeof ownOri>[0]): ReadonlySet<Ori> {
  if (entry.type === 'decision') return new Set([entry.requester.ori]);
  return new Set(entry.type === 'redelivery' || entry.type === 'verdict' ? [entry.requester] : []);
}

function withoutLogs(policy: string): string {
  const lines = policy.split('\n').filter((line) => !/^[ \t]*log[ \t]/.test(line)).join('\n');
  return lines.endsWith('\n') ? lines : `${lines}\n`;
}
