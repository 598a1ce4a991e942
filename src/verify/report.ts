import { isCount } from './bytes.ts';
import { VerifyError } from './types.ts';

/** A resident's report, `"weir": "report/v1"` (docs/ledger-formats.md). Days are `YYYY-MM-DD`, hashes of proofs base64. */
export interface Report {
  readonly weir: 'report/v1';
  readonly owner: string;
  /** Of the owner's log. */
  readonly origin: string;
  /** The first and last day of the period, both in it. */
  readonly from: string;
  readonly to: string;
  /** The number of the request. */
  readonly who: string;
  /** RFC 3339, UTC. */
  readonly made: string;
  /** What was looked for: kind of subject, and its tag, 64 hexadecimal digits. Never the subject itself. */
  readonly subjects: readonly { readonly kind: string; readonly tag: string }[];
  /** Checkpoints of the owner's log and of the anchor log, signed notes. */
  readonly log: string;
  readonly anchor: string;
  /** Day by day. */
  readonly epochs: readonly ReportEpoch[];
  /** In ascending order of index, as are `withheld` and `erased`. */
  readonly entries: readonly ReportEntry[];
  readonly withheld: readonly { readonly index: number; readonly until: string }[];
  readonly erased: readonly { readonly index: number; readonly day: string }[];
  /** The `erased` entries of the anchor log on which the above rests. */
  readonly erasures: readonly ReportAnchored[];
  /** The receipt of the entry that says that this report was made. */
  readonly record: { readonly log: string; readonly index: number; readonly entry: string; readonly hash: string; readonly token: string };
}

/** An entry of the anchor log, as text, with its inclusion proof. */
export interface ReportAnchored {
  readonly index: number;
  readonly entry: string;
  readonly proof: readonly string[];
}

export interface ReportEpoch {
  readonly day: string;
  /** The entry `epochClosed`. */
  readonly closed: ReportAnchored;
  /** Null where the index of the day was erased. `leaves`: place, blinded tag and leaf indices; `hashes`: what else makes the root, from left to right. */
  readonly index: {
    readonly key: string;
    readonly leaves: readonly (readonly [number, string, readonly number[]])[];
    readonly hashes: readonly string[];
  } | null;
}

export interface ReportEntry {
  readonly index: number;
  readonly proof: readonly string[];
  readonly fields: readonly ({ readonly name: string; readonly hash: string } | { readonly name: string; readonly salt: string; readonly text: string })[];
}

/** What is opened to a resident. Not the time of day, and not what names the officer, which stands sealed in `subject`. */
export const reportFields: readonly string[] = ['day', 'message', 'requester', 'behalf', 'reason', 'outcome', 'given', 'rules'];

type Shape = (value: unknown) => boolean;

const isText: Shape = (value) => typeof value === 'string';
const isIndex: Shape = isCount;
const day: Shape = (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) && Number.isFinite(Date.parse(`${value}T00:00:00Z`));
const instant: Shape = (value) => typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(value);
const hex: Shape = (value) => typeof value === 'string' && /^(?:[0-9a-f]{2})+$/.test(value);
const hash: Shape = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
const anchored: Shape = object({ index: isIndex, entry: isText, proof: list(isText) });
const shapeOfReport: Shape = object({
  weir: (value) => value === 'report/v1', owner: (value) => typeof value === 'string' && /^[A-Z0-9]{2}$/.test(value), origin: isText, from: day, to: day, who: isText, made: instant,
  subjects: list(object({ kind: isText, tag: hash })), log: isText, anchor: isText,
  epochs: list(object({
    day, closed: anchored,
    index: (value) => value === null || object({
      key: hash, hashes: list(isText),
      leaves: list((leaf) => Array.isArray(leaf) && leaf.length === 3 && isIndex(leaf[0]) && isText(leaf[1]) && list(isIndex)(leaf[2])),
    })(value),
  })),
  entries: list(object({ index: isIndex, proof: list(isText), fields: list((field) => object({ name: isText, hash })(field) || object({ name: isText, salt: hex, text: isText })(field)) })),
  withheld: list(object({ index: isIndex, until: instant })), erased: list(object({ index: isIndex, day })), erasures: list(anchored),
  record: object({ log: isText, index: isIndex, entry: isText, hash: isText, token: isText }),
});

/** Checks the shape of a report, as text or parsed, and nothing else. Whoever sent it controls all of it. Throws VerifyError `malformed`. */
export function parseReport(json: unknown): Report {
  const value = typeof json === 'string' ? parsed(json) : json;
  if (!shapeOfReport(value)) throw new VerifyError('malformed', 'This is not a resident\'s report of a known version.');
  const report = value as Report;
  if (!report.origin.endsWith(`/log/${report.owner.toLowerCase()}`)) throw new VerifyError('malformed', 'The origin is not that of the owner\'s log.', 'origin');
  if (report.from > report.to) throw new VerifyError('malformed', 'The period ends before it begins.', 'from');
  if (report.subjects.length === 0) throw new VerifyError('malformed', 'The report looks for nothing.', 'subjects');
  return report;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new VerifyError('malformed', 'The report is not JSON.');
  }
}

/** Exactly these members: a name that no verifier knows could say anything to a reader. */
function object(members: Readonly<Record<string, Shape>>): Shape {
  const names = Object.keys(members);
  return (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === names.length
    && names.every((name) => Object.hasOwn(value, name) && members[name]?.((value as Record<string, unknown>)[name]) === true);
}

function list(item: Shape): Shape {
  return (value) => Array.isArray(value) && value.every(item);
}
