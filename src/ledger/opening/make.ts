import { randomUUID } from 'node:crypto';
import type { Journal, Recorded } from '../../exchange/ports.ts';
import type { OpenedTo, OpeningEntry } from '../../model/index.ts';
import { nodeCrypto } from '../../verify/nodeCrypto.ts';
import { openingIndices } from '../../verify/opening.ts';
import type { WithheldItem } from '../../verify/openingShape.ts';
import type { Fetch } from '../../verify/types.ts';
import type { LeafRange, LedgerReader } from '../reader.ts';
import type { LogName } from '../record.ts';
import type { OpenedRecord } from '../types.ts';
import { bundleLines } from './bundle.ts';
import { coveringCheckpoint } from './cover.ts';
import { OpeningError } from './errors.ts';
import { chosenEntries } from './choose.ts';
import { fieldsFor } from './table.ts';
import type { Entitlement } from './table.ts';

/** What is to be opened, to whom, and on what ground. */
export interface OpeningRequest extends Partial<Omit<Entitlement, 'to' | 'withheld'>> {
  readonly reader: Pick<LedgerReader, 'entry' | 'range'>;
  /** The files of this log (`checkpoint`, `tile/0/000`). */
  readonly logFiles: Fetch;
  readonly to: OpenedTo;
  /** An ORI, the name of an office, or a request's number: 1 to 200 printable characters, and never the name of a resident. */
  readonly who: string;
  /** The number of the order, sample or request. An auditor needs one. */
  readonly order: string | null;
  readonly log: LogName;
  /** Leaf indices, all of which must be the reader's to see, or a range, of which the others are left out. */
  readonly indices: readonly number[] | LeafRange;
  /** What the bundle counts as withheld, for a resident. */
  readonly withheld?: readonly WithheldItem[];
  /** Leaf indices that are withheld now, for the public. */
  readonly hidden?: ReadonlySet<number>;
  /** Fewer fields than the table allows. */
  readonly only?: ReadonlySet<string>;
  /** How long a checkpoint is waited for, in milliseconds; 20,000 unless told. */
  readonly patience?: number;
  /** Told of every entry while the bundle is written, with the texts of what is open. */
  readonly onEntry?: (opened: OpenedRecord, fields: ReadonlySet<string>) => void;
}

/** `notFound`: an index that is not there, was erased, or is not for this reader; which of these is not said. */
export type OpeningResult =
  | { readonly ok: false; readonly code: 'notFound' }
  | {
    readonly ok: true;
    readonly recorded: Recorded;
    readonly entry: OpeningEntry;
    readonly origin: string;
    /** Leaves under the checkpoint of the bundle. */
    readonly size: number;
    /** Leaf indices, ascending. */
    readonly indices: readonly number[];
    /** Indices that were asked for one by one and are erased. */
    readonly erased: readonly number[];
    /** The bundle, line by line, each with its line end. To be read once. */
    readonly lines: AsyncGenerator<string, void>;
  };

/**
 * Opens entries of an owner's log: puts the opening on the record first, then waits for a checkpoint that covers that record, and only then gives
 * the first byte of the bundle (docs/ledger-formats.md, "Opening"). Where the record cannot be written nothing is opened: the error of `append` passes through.
 * Throws OpeningError `OPENING_REQUEST`, `OPENING_NOT_COVERED`; reading the lines may throw `OPENING_ERASED`.
 */
export async function makeOpening(request: OpeningRequest, recorder: Pick<Journal, 'append'>): Promise<OpeningResult> {
  checkRequest(request);
  const { to, who, order, log, withheld = [] } = request;
  const now = request.now ?? Date.now();
  const entitlement: Entitlement = {
    to, now, ...(request.oris === undefined ? {} : { oris: request.oris }), ...(request.delayDays === undefined ? {} : { delayDays: request.delayDays }),
    ...(request.hidden === undefined ? {} : { withheld: request.hidden }),
  };
  const allowed = (opened: OpenedRecord): ReadonlySet<string> | null => {
    const fields = fieldsFor(opened.entry, opened.index, entitlement);
    const { only } = request;
    return fields === null || only === undefined ? fields : new Set([...fields].filter((name) => only.has(name)));
  };
  const chosen = await choose(request, allowed);
  if (chosen === null) return { ok: false, code: 'notFound' };
  const { indices, erased, fields } = chosen;
  const entry: OpeningEntry = {
    type: 'opening', v: 1, id: `${randomUUID()}/${log.toUpperCase()}`, at: new Date(now).toISOString(), to, who, order, entries: indices.length,
    indices: await openingIndices(nodeCrypto, indices, withheld), fields: [...fields].sort(), withheld: withheld.length, owner: log.toUpperCase(),
  };
  const [recorded] = await recorder.append([entry]);
  if (recorded === undefined) throw new OpeningError('OPENING_NOT_COVERED', 'the opening was not recorded');
  const checkpoint = await coveringCheckpoint(request.logFiles, recorded.receipt.index, request.patience ?? 20_000);
  const lines = bundleLines({ ...request, entry, withheld, indices, allowed, checkpoint, receipt: recorded.receipt });
  return { ok: true, recorded, entry, origin: checkpoint.origin, size: checkpoint.size, indices, erased, lines };
}

/** Which entries, and which of their fields. Null where one was asked for that is not to be opened. */
async function choose(
  { reader, log, indices: wanted, to }: OpeningRequest, allowed: (opened: OpenedRecord) => ReadonlySet<string> | null,
): Promise<{ readonly indices: readonly number[]; readonly erased: readonly number[]; readonly fields: ReadonlySet<string> } | null> {
  const indices: number[] = [];
  const erased: number[] = [];
  const fields = new Set<string>();
  for await (const { index, opened } of chosenEntries(reader, log, wanted)) {
    const names = opened === 'erased' || opened === null ? null : allowed(opened);
    if (names !== null) {
      indices.push(index);
      for (const name of names) fields.add(name);
    } else if (Array.isArray(wanted)) {
      // An agency is not told that an entry was there and is erased, since it might not have been its own.
      if (opened !== 'erased' || to === 'agency' || to === 'public') return null;
      erased.push(index);
    }
  }
  return { indices, erased, fields };
}

function checkRequest({ to, who, order, log, indices, oris }: OpeningRequest): void {
  const problem =
    !/^[a-z0-9]{2}$/.test(log) ? 'only the log of an owner is opened'
    : !isWord(who) ? 'who it is opened to is 1 to 200 characters without control characters'
    : order !== null && !isWord(order) ? 'the order is 1 to 200 characters without control characters'
    : to === 'auditor' && order === null ? 'an auditor reads on a numbered order, or by a sample'
    : to === 'agency' && oris === undefined ? 'which agency it is must be known'
    : Array.isArray(indices) && indices.some((index: number) => !Number.isSafeInteger(index) || index < 0) ? 'a leaf index is a whole number from 0'
    : null;
  if (problem !== null) throw new OpeningError('OPENING_REQUEST', problem);
}

function isWord(text: string): boolean {
  return text.length > 0 && text.length <= 300 && !/\p{Cc}/u.test(text);
}
