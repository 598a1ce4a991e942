import { hash } from 'node:crypto';
import type { Entry, Receipt } from '../model/index.ts';
import { entryText } from './entryText.ts';
import { readRecords } from './read.ts';
import { anchorLog, dayOf, leafData, plainRecord } from './record.ts';
import type { WalOptions, WalState } from './wal.ts';
import { Wal, openWal } from './wal.ts';

/** The old names over the write-ahead file, every entry plain, until their callers stand on the ledger. Then this file goes. */
export type JournalOptions = Omit<WalOptions, 'onCommit'>;
export type JournalState = WalState;

export async function openJournal(options: JournalOptions): Promise<FileJournal> {
  return new FileJournal(await openWal(options));
}

export class FileJournal {
  readonly #wal: Wal;

  constructor(wal: Wal) {
    this.#wal = wal;
  }

  get size(): number {
    return this.#wal.size;
  }

  get state(): JournalState {
    return this.#wal.state;
  }

  get healthy(): boolean {
    return this.#wal.healthy;
  }

  get lastHash(): string {
    return this.#wal.lastHash;
  }

  get failure(): Wal['failure'] {
    return this.#wal.failure;
  }

  get dropped(): Wal['dropped'] {
    return this.#wal.dropped;
  }

  async append(entries: readonly Entry[]): Promise<readonly Receipt[]> {
    const placed = await this.#wal.append(entries.map((entry) => ({ log: anchorLog, id: entry.id, record: plainRecord(dayOf(Date.parse(entry.at)), entryText(entry)) })));
    return placed.map(({ log, index, id, record }) => ({ log, index, entry: id, hash: hash('sha256', leafData(record), 'hex'), token: '' }));
  }

  close(): Promise<void> {
    return this.#wal.close();
  }
}

export interface StoredEntry {
  readonly index: number;
  readonly hash: string;
  readonly entry: Entry;
  readonly bytes: Buffer;
}

export async function* readEntries(folder: string, from = 0, options: { readonly end?: number; readonly where?: (text: Buffer, index: number) => boolean } = {}): AsyncGenerator<StoredEntry, void> {
  const { end, where } = options;
  const given = { ...(end === undefined ? {} : { end }), ...(where === undefined ? {} : { where: (record: Buffer, sequence: number) => where(leafData(record), sequence) }) };
  for await (const { sequence, record } of readRecords(folder, from, given)) {
    const bytes = leafData(record);
    yield { index: sequence, hash: hash('sha256', bytes, 'hex'), entry: JSON.parse(bytes.toString('utf8')) as Entry, bytes };
  }
}
