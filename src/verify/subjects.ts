import { fromBase64, fromHex, isCount, utf8 } from './bytes.ts';
import { commitmentOf, fieldHash } from './commitment.ts';
import { leafHash, verifyInclusion } from './merkle.ts';
import type { Judged, TrustPolicy } from './policy.ts';
import { judge } from './policy.ts';
import type { Report, ReportAnchored, ReportEntry, ReportEpoch } from './report.ts';
import { parseReport, reportFields } from './report.ts';
import { areLeaves, blindTag, entriesUnder, verifyLeaves } from './subjectIndex.ts';
import { VerifyError } from './types.ts';
import type { VerifyCrypto } from './types.ts';

/** What a report proves. Days are `YYYY-MM-DD`. */
export interface VerifiedReport {
  readonly owner: string;
  readonly from: string;
  readonly to: string;
  /** The look-ups, in the order of the log. `fields` are the opened texts by their names. */
  readonly entries: readonly { readonly index: number; readonly fields: Readonly<Record<string, string>> }[];
  readonly withheld: Report['withheld'];
  /** Entries whose contents are gone, by an erasure that stands in the anchor log. */
  readonly erased: readonly number[];
  /** Days whose index is gone as well: of these the report can say nothing. */
  readonly erasedDays: readonly string[];
  /** Days that the index covers and that are not erased. */
  readonly days: number;
  /** The day on which the log began, where that is in the period, so that earlier days had no entries; null where the log is older than the period. */
  readonly begins: string | null;
  /** The witnesses that cosigned the owner's log, and the anchor log. */
  readonly witnesses: { readonly log: readonly string[]; readonly anchor: readonly string[] };
}

/**
 * Verifies a resident's report offline: the checkpoints, that each day of the period has its one index and that it is the one in the anchor log, that
 * each tag is shown to be there or not, that exactly the entries under the tags are opened, withheld or erased, and that what is opened is what
 * the log has. The sender of the report controls all of `json`. What this cannot show: that the tags are those of the resident; the owner's keys make
 * them (docs/ledger.md). `json` is the text of the report, or what was parsed of it. Throws VerifyError; `incomplete` names what is left out.
 */
export async function verifyReport(crypto: VerifyCrypto, policy: TrustPolicy, json: unknown): Promise<VerifiedReport> {
  const report = parseReport(json);
  const log = await judged(crypto, policy, report.log, report.origin);
  const anchor = await judged(crypto, policy, report.anchor, `${report.origin.slice(0, report.origin.lastIndexOf('/'))}/anchor`);
  const erasures = await erasuresOf(crypto, anchor, report);
  const wanted = new Map<number, string>();
  const erasedDays: string[] = [];
  let before: Closed | null = null;
  for (const epoch of report.epochs) {
    const closed = await closedEpoch(crypto, anchor, report.owner, epoch);
    checkOrder(report, before, closed, log);
    before = closed;
    if (epoch.index === null) {
      if (!erasures.has(`${epoch.day} index`)) throw new VerifyError('incomplete', `The index of ${epoch.day} is left out, and no entry says that it was erased.`, epoch.day);
      erasedDays.push(epoch.day);
    } else {
      for (const index of await indicesIn(crypto, report, epoch.index, closed)) wanted.set(index, epoch.day);
    }
  }
  const last = report.epochs.at(-1);
  if (last === undefined || last.day < report.to) throw new VerifyError('incomplete', `The days after ${last?.day ?? 'the first'} are left out.`, last?.day ?? report.from);
  checkComplete(report, wanted, erasures);
  const entries: VerifiedReport['entries'][number][] = [];
  for (const entry of report.entries) entries.push({ index: entry.index, fields: await opened(crypto, log, entry) });
  return {
    owner: report.owner, from: report.from, to: report.to, entries, withheld: report.withheld, erased: report.erased.map(({ index }) => index), erasedDays,
    days: report.epochs.length - erasedDays.length, begins: (report.epochs[0]?.day ?? '') > report.from ? report.epochs[0]?.day ?? null : null, witnesses: { log: log.by, anchor: anchor.by },
  };
}

interface Closed {
  readonly day: string;
  readonly from: number;
  readonly to: number;
  readonly tags: number;
  readonly root: Uint8Array;
}

async function judged(crypto: VerifyCrypto, policy: TrustPolicy, note: string, origin: string): Promise<Judged> {
  const result = await judge(crypto, policy, note);
  if (result.origin !== origin) throw new VerifyError('malformed', `A checkpoint is of ${result.origin}, and must be of ${origin}.`, origin);
  if (!result.quorum) throw new VerifyError('noQuorum', `Too few witnesses cosigned the checkpoint of ${origin}.`, origin);
  return result;
}

/** The anchor entry itself, once it is shown to be in the anchor log. */
async function anchored(crypto: VerifyCrypto, anchor: Judged, { index, entry, proof }: ReportAnchored): Promise<{ event: unknown; subject: unknown; hash: unknown; detail: Record<string, unknown> }> {
  const leaf = await leafHash(crypto, utf8(entry));
  if (!await verifyInclusion(crypto, { index, size: anchor.size, leaf, proof: hashesOf(proof), root: anchor.root })) {
    throw new VerifyError('notIncluded', 'An entry of the anchor log is not there at that index.', `anchor ${String(index)}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(entry);
  } catch {
    throw new VerifyError('malformed', 'An entry of the anchor log is not JSON.', `anchor ${String(index)}`);
  }
  const { event, subject, hash, detail } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return { event, subject, hash, detail: (typeof detail === 'object' && detail !== null ? detail : {}) as Record<string, unknown> };
}

async function closedEpoch(crypto: VerifyCrypto, anchor: Judged, owner: string, epoch: ReportEpoch): Promise<Closed> {
  const { event, subject, hash, detail } = await anchored(crypto, anchor, epoch.closed);
  const { from, to, tags } = detail;
  const root = typeof hash === 'string' ? fromHex(hash, 32) : null;
  if (event !== 'epochClosed' || subject !== `${owner} ${epoch.day}`) throw new VerifyError('incomplete', `The entry that closes ${epoch.day} is of another event, owner or day.`, epoch.day);
  if (!isCount(from) || !isCount(to) || !isCount(tags) || to < from || root === null) throw new VerifyError('malformed', `The entry that closes ${epoch.day} cannot be read.`, epoch.day);
  return { day: epoch.day, from, to, tags, root };
}

/** Day follows day and entry follows entry, from the first day of the period or of the log. */
function checkOrder(report: Report, before: Closed | null, { day, from, to }: Closed, log: Judged): void {
  if (before === null) {
    if (day > report.from && from !== 0) throw new VerifyError('incomplete', `The days before ${day} are left out.`, report.from);
  } else if (day !== dayAfter(before.day)) {
    throw new VerifyError('incomplete', `The days between ${before.day} and ${day} are left out, or not in order.`, dayAfter(before.day));
  } else if (from !== before.to) {
    throw new VerifyError('incomplete', `The index of ${day} does not begin where the one before it ends.`, day);
  }
  if (to > log.size) throw new VerifyError('incomplete', `The checkpoint of the log does not cover ${day}.`, day);
}

async function indicesIn(crypto: VerifyCrypto, report: Report, index: NonNullable<ReportEpoch['index']>, { day, from, to, tags, root }: Closed): Promise<readonly number[]> {
  const leaves = index.leaves.map(([place, blind, indices]) => ({ place, blind, indices }));
  if (!areLeaves(leaves, tags, from, to)) throw new VerifyError('malformed', `The leaves of ${day} are not in order, or not of this day.`, day);
  if (!await verifyLeaves(crypto, tags, root, leaves, hashesOf(index.hashes))) throw new VerifyError('notIncluded', `The leaves of ${day} are not those of the index in the anchor log.`, day);
  const key = fromHex(index.key, 32);
  if (key === null) throw new VerifyError('malformed', `The key of ${day} is not 32 bytes.`, day);
  const found: number[] = [];
  for (const { tag } of report.subjects) {
    const under = entriesUnder(await blindTag(crypto, key, tag), tags, leaves);
    if (under === null) throw new VerifyError('incomplete', `For ${day} one tag is neither shown to be there nor to be absent.`, day);
    found.push(...under);
  }
  return found;
}

/** `DAY index`, `DAY disclosure`, `DAY other` or `entry INDEX` of each erasure that is shown to be in the anchor log. */
async function erasuresOf(crypto: VerifyCrypto, anchor: Judged, report: Report): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const one of report.erasures) {
    const { event, subject, detail } = await anchored(crypto, anchor, one);
    if (event !== 'erased' || typeof subject !== 'string' || !subject.startsWith(`${report.owner} `)) throw new VerifyError('malformed', 'An erasure is of another event or owner.', `anchor ${String(one.index)}`);
    found.add(detail['kind'] === 'entry' ? `entry ${String(detail['index'])}` : `${subject.slice(report.owner.length + 1)} ${String(detail['kind'])}`);
  }
  return found;
}

/** Each entry under a tag is opened, withheld or erased, and nothing else is. */
function checkComplete(report: Report, wanted: ReadonlyMap<number, string>, erasures: ReadonlySet<string>): void {
  const seen = new Set<number>();
  const take = (index: number): void => {
    if (!wanted.has(index) || seen.has(index)) throw new VerifyError('incomplete', `The entry ${String(index)} is given twice, or stands under none of the tags.`, `entry ${String(index)}`);
    seen.add(index);
  };
  for (const { index } of report.entries) take(index);
  for (const { index, until } of report.withheld) {
    if (until <= report.made) throw new VerifyError('incomplete', `The entry ${String(index)} was withheld until ${until}, and that is over.`, `entry ${String(index)}`);
    take(index);
  }
  for (const { index, day } of report.erased) {
    // A record may carry the day before that of its index, where it came late (docs/ledger.md).
    const known = erasures.has(`entry ${String(index)}`) || ((erasures.has(`${day} other`) || erasures.has(`${day} disclosure`)) && day <= (wanted.get(index) ?? ''));
    if (!known) throw new VerifyError('incomplete', `No entry of the anchor log says that the entry ${String(index)} was erased.`, `entry ${String(index)}`);
    take(index);
  }
  for (const [index, day] of wanted) if (!seen.has(index)) throw new VerifyError('incomplete', `The entry ${String(index)} of ${day} is left out.`, `entry ${String(index)}`);
}

async function opened(crypto: VerifyCrypto, log: Judged, { index, proof, fields }: ReportEntry): Promise<Readonly<Record<string, string>>> {
  const at = `entry ${String(index)}`;
  const hashes: { readonly name: string; readonly hash: string }[] = [];
  const texts: Record<string, string> = {};
  for (const field of fields) {
    hashes.push({ name: field.name, hash: 'hash' in field ? field.hash : await fieldHash(crypto, field.salt, field.name, field.text) });
    if ('text' in field) texts[field.name] = field.text;
  }
  const commitment = await commitmentOf(crypto, hashes);
  if (!await verifyInclusion(crypto, { index, size: log.size, leaf: await leafHash(crypto, commitment), proof: hashesOf(proof), root: log.root })) {
    throw new VerifyError('notCommitted', `The fields of the entry ${String(index)} are not what the log has there.`, at);
  }
  const closed = reportFields.find((name) => !Object.hasOwn(texts, name));
  if (closed !== undefined) throw new VerifyError('incomplete', `The field "${closed}" of the entry ${String(index)} is not opened.`, at);
  return texts;
}

function hashesOf(texts: readonly string[]): readonly Uint8Array[] {
  return texts.map((text) => {
    const bytes = fromBase64(text);
    if (bytes?.length !== 32) throw new VerifyError('malformed', 'A hash of a proof is not 32 bytes in base64.');
    return bytes;
  });
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
