import { dataClasses, isNameOf, jurisdictionName, labelOf } from '../../vocabulary/index.ts';
import { exitCodes, VerbError, type VerbResult } from '../verb.ts';

/** The parts of a JSON answer that are shown. It comes from the network, so nothing is taken for granted. */
interface ShownAnswer {
  readonly id?: string;
  readonly notice?: string;
  readonly merged?: boolean;
  readonly summary?: Record<string, number>;
  readonly answers?: readonly ShownOwner[];
}
interface ShownOwner {
  readonly owner: string;
  readonly status: string;
  readonly records: readonly Record<string, unknown>[];
  readonly reasons: readonly string[];
  readonly ticket: { readonly id: string; readonly deadline: string } | null;
  readonly receipt: { readonly log: string; readonly index: number } | null;
}

/** An answer as a person reads it; text and XML as they came. A message that the exchange could not take is an error of usage. */
export function readAnswer(format: 'json' | 'niem' | 'legacy', status: number, body: string, asJson: boolean): VerbResult {
  if (format !== 'json') {
    if (status >= 400) throw fault(status, body.replaceAll('\u0003', '').trim());
    return { text: body.replaceAll('\u0003', '').trimEnd(), json: { status, body } };
  }
  const value = JSON.parse(body) as ShownAnswer & { detail?: string; code?: string; at?: string | null };
  if (status >= 400) throw fault(status, `${value.detail ?? 'the exchange did not take the message'}${value.at === null || value.at === undefined ? '' : ` (at ${value.at})`}`);
  const answers = value.answers ?? [];
  const lines = answers.length === 0 && value.summary === undefined ? [JSON.stringify(value, null, 2)] : answers.flatMap(ownerLines);
  const finding = answers.length > 0 && answers.every((a) => a.status === 'refused' || a.status === 'held' || a.status === 'unavailable');
  return { text: asJson ? '' : [...lines, ...tail(value)].join('\n'), json: value, exit: finding ? exitCodes.finding : exitCodes.ok };
}

const headings: Record<string, string> = {
  answered: 'answered', answeredInPart: 'answered in part', held: 'held: a person will decide', refused: 'refused', noRecord: 'no such record', unavailable: 'unavailable',
};

function ownerLines({ owner, status, records, reasons, ticket, receipt }: ShownOwner): string[] {
  return [
    `${owner} (${jurisdictionName(owner)}): ${headings[status] ?? status}`,
    ...records.flatMap((record, i) => [...(records.length > 1 ? [`  record ${i + 1}`] : []), ...Object.entries(record).map(([name, part]) => `  ${title(name).padEnd(22)} ${flat(part)}`)]),
    ...reasons.map((reason) => `  ${reason}`),
    ...(ticket === null ? [] : [`  ticket ${ticket.id}, to be decided by ${ticket.deadline}`]),
    ...(receipt === null ? [] : [`  on the record of ${receipt.log.toUpperCase()} as entry ${receipt.index}`]),
    '',
  ];
}

function tail({ merged, summary, notice, id }: ShownAnswer): string[] {
  const counts = summary === undefined ? [] : Object.entries(summary).filter(([, n]) => typeof n === 'number').map(([name, n]) => `${name} ${n}`);
  return [...(merged === true ? [`Summary: ${counts.join(', ')}.`] : []), ...(id === undefined ? [] : [`Inquiry ${id}.`]), ...(notice === undefined ? [] : [notice])];
}

const title = (name: string): string => (isNameOf(dataClasses, name) ? labelOf(name) : 'other');

/** One line for a value; pictures by their size only. */
function flat(value: unknown): string {
  if (value === null || typeof value !== 'object') return String(value);
  if (Array.isArray(value)) return value.map(flat).join('; ');
  const object = value as Record<string, unknown>;
  if (typeof object['mediaType'] === 'string') return `${object['mediaType']}, ${sizeOf(object)}`;
  return Object.entries(object).filter(([, v]) => v !== null && v !== '').map(([key, v]) => part(key, v)).join(' ');
}

/** The size of a picture, from whichever member carries it as base64. */
function sizeOf(picture: Record<string, unknown>): string {
  const text = Object.values(picture).reduce<number>((most, value) => (typeof value === 'string' ? Math.max(most, value.length) : most), 0);
  return `${Math.round((text * 3) / 4 / 1024)} kB`;
}

/** Measures say what they measure; the rest speaks for itself. */
function part(key: string, value: unknown): string {
  if (key === 'height' && typeof value === 'number') return `${Math.floor(value / 12)} ft ${value % 12} in,`;
  if (key === 'weight') return `${flat(value)} lb,`;
  if (key === 'eyes' || key === 'hair' || key === 'issued' || key === 'expires') return `${key} ${flat(value)}`;
  return flat(value);
}

function fault(status: number, message: string): VerbError {
  if (status >= 500) return new VerbError(exitCodes.environment, message, 'Try again; `weir doctor` on the machine of the exchange tells more.');
  return new VerbError(exitCodes.usage, message, status === 403 ? 'The ORI must be in the registry, and the certificate must be enrolled for it.' : null);
}
