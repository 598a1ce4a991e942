import { allDataClasses, answerStatuses, namesOf, treatments, type AnswerStatus, type DataClass, type Outcome, type Treatment } from '../vocabulary/index.ts';
import type { DirectoryEntry, Ori, Receipt } from '../model/index.ts';
import { spaced } from './legacyText.ts';
import { statusText } from './niemAnswer.ts';
import { demonstrationNotice } from './notice.ts';
import { reject } from './reject.ts';

/** What can be read back of one message of legacy text. Records are free text, as the network has them (C N7). */
export interface LegacyMessage {
  readonly key: string;
  readonly sender: Ori;
  readonly destination: string | null;
  readonly control: string | null;
  /** `HH:MM MM/DD/CCYY`, in the zone of the line. */
  readonly received: string;
  readonly sent: string;
  readonly receiveNumber: string;
  readonly sendNumber: string;
  /** The number of an `ER` or `SM` that is about the message itself. */
  readonly number: string | null;
  readonly demonstration: boolean;
  readonly summary: { readonly asked: number; readonly hit: number; readonly noHit: number; readonly refused: number; readonly held: number; readonly silent: number } | null;
  readonly owners: readonly LegacyOwner[];
  /** The rows of a `TR`. */
  readonly entries: readonly DirectoryEntry[];
  /** The first 100 characters of the message that an `ER` is about. */
  readonly echo: string | null;
  /** All lines after `TXT`. */
  readonly lines: readonly string[];
}

export interface LegacyOwner {
  readonly owner: string;
  readonly status: AnswerStatus | null;
  readonly number: string | null;
  readonly classes: readonly { readonly dataClass: DataClass; readonly outcome: Outcome; readonly treatment: Treatment | null; readonly rules: readonly string[] }[];
  readonly reasons: readonly string[];
  readonly ticket: { readonly id: string; readonly deadline: string; readonly onTimeout: 'deny' | 'release' } | null;
  readonly receipt: Receipt | null;
  readonly pictures: readonly { readonly what: string; readonly mediaType: string; readonly bytes: Uint8Array }[];
  /** The lines of the records, without pictures. */
  readonly lines: readonly string[];
}

/** Reads the messages of one body. @throws Reject where a header is not that of the network. */
export function readLegacyMessages(text: string): readonly LegacyMessage[] {
  const pieces = text.split('\u0003').map((piece) => piece.replace(/^[\r\n]+/, ''));
  const messages = pieces.filter((piece) => piece !== '').map(readMessage);
  if (messages.length === 0) reject('malformed', 'there is no message', null);
  return messages;
}

function readMessage(text: string): LegacyMessage {
  const lines = text.split(/\r?\n/);
  const start = lines.indexOf('TXT');
  if (start < 0) reject('noText', 'TXT was not found', null);
  const header = lines.slice(0, start);
  const [, key = '', sender = ''] = /^([A-Z]{2,4})\.([A-Z0-9]{9})\.?$/.exec(header[0] ?? '') ?? reject('badHeader', 'the first line is not a key and a sender', 'header');
  const clocks = header.flatMap((line) => {
    const found = /^(\d\d:\d\d \d\d\/\d\d\/\d{4}) (\d{5})(?: ([A-Z0-9]{2,9}))?$/.exec(line);
    return found === null ? [] : [found];
  });
  const [first, second] = clocks;
  if (first === undefined || second === undefined) reject('badHeader', 'the clock lines are missing', 'header');
  const body = lines.slice(start + 1);
  return {
    key, sender,
    destination: second[3] ?? null,
    control: header.find((line) => line.startsWith('*'))?.slice(1) ?? null,
    received: first[1] ?? '', sent: second[1] ?? '', receiveNumber: first[2] ?? '', sendNumber: second[2] ?? '',
    demonstration: body[0] === demonstrationNotice,
    ...readBody(body),
    lines: body,
  };
}

type Body = Pick<LegacyMessage, 'number' | 'summary' | 'owners' | 'entries' | 'echo'>;
interface OpenOwner {
  owner: LegacyOwner['owner'];
  status: AnswerStatus | null;
  number: string | null;
  classes: LegacyOwner['classes'][number][];
  reasons: string[];
  ticket: LegacyOwner['ticket'];
  receipt: LegacyOwner['receipt'];
  pictures: LegacyOwner['pictures'][number][];
  lines: string[];
}

function readBody(lines: readonly string[]): Body {
  const owners: OpenOwner[] = [];
  const entries: DirectoryEntry[] = [];
  let number: string | null = null;
  let summary: LegacyMessage['summary'] = null;
  let echo: string | null = null;
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i] ?? '';
    const from = /^(?:(\.\d\d\.) )?FROM (\S{1,9})(?: [A-Z ]{1,40})? - (.{1,80})$/.exec(line);
    const open = owners.at(-1);
    if (from !== null) owners.push(newOwner(from[2] ?? '', from[3] ?? '', from[1] ?? null));
    else if (open !== undefined && line.startsWith('IMG/')) i = readPicture(lines, i, open);
    else if (open !== undefined) readOwnerLine(open, line);
    else if (line.startsWith('ORI/')) readEntry(entries, line);
    else if (line === 'ORIGINAL MESSAGE') {
      echo = lines[i + 1] ?? '';
      break;
    } else {
      number ??= /^(0|\.\d\d\.) /.exec(line)?.[1] ?? null;
      summary ??= readSummary(line);
    }
  }
  return { number, summary, owners, entries, echo };
}

function newOwner(owner: string, said: string, number: string | null): OpenOwner {
  const status = namesOf(answerStatuses).find((one) => statusText[one] === said) ?? null;
  return { owner, status, number, classes: [], reasons: [], ticket: null, receipt: null, pictures: [], lines: [] };
}

const classNames = new Map(allDataClasses.map((name) => [spaced(name), name]));
const treatmentNames = new Map(namesOf(treatments).map((name) => [spaced(name), name]));
const outcomeNames = new Map<string, Outcome>([['REFUSED', 'deny'], ['HELD', 'hold'], ['REDUCED', 'redact']]);

function readOwnerLine(open: OpenOwner, line: string): void {
  if (line.length > 2000) {
    open.lines.push(line); // nothing of ours is as long, and the patterns below are not linear
    return;
  }
  const decided = /^(REFUSED|HELD|REDUCED) ([A-Z ]+?)(?: TO ([A-Z ]+?))? BY (?:RULES (.*)|NO RULE THAT RELEASES IT)$/.exec(line);
  const dataClass = classNames.get(decided?.[2] ?? '');
  const outcome = outcomeNames.get(decided?.[1] ?? '');
  if (decided !== null && dataClass !== undefined && outcome !== undefined) {
    open.classes.push({ dataClass, outcome, treatment: treatmentNames.get(decided[3] ?? '') ?? null, rules: decided[4]?.split(' ') ?? [] });
    return;
  }
  if (line.startsWith('REASON ')) {
    open.reasons.push(line.slice(7));
    return;
  }
  const ticket = /^TICKET (\S+) DEADLINE (\S+) (REFUSED|RELEASED) IF NOBODY DECIDES$/.exec(line);
  if (ticket !== null) {
    open.ticket = { id: ticket[1] ?? '', deadline: ticket[2] ?? '', onTimeout: ticket[3] === 'REFUSED' ? 'deny' : 'release' };
    return;
  }
  if (!readReceiptLine(open, line) && line !== '') open.lines.push(line);
}

function readReceiptLine(open: OpenOwner, line: string): boolean {
  const first = /^RECEIPT ([A-Z0-9]{2,9}) (\d{1,16}) (\S+)$/.exec(line);
  if (first !== null) {
    open.receipt = { log: (first[1] ?? '').toLowerCase(), index: Number(first[2]), entry: first[3] ?? '', hash: '', token: '' };
    return true;
  }
  const [, what, text] = /^(HASH|SIGNED) (\S{1,64})$/.exec(line) ?? [];
  if (open.receipt === null || what === undefined || text === undefined) return false;
  open.receipt = what === 'HASH' ? { ...open.receipt, hash: text } : { ...open.receipt, token: open.receipt.token + text };
  return true;
}

/** Takes the lines up to `IMG/END`; gives the index of the last one taken. */
function readPicture(lines: readonly string[], at: number, open: OpenOwner): number {
  const found = /^IMG\/(PHOTO|SIGNATURE) (image\/(?:png|jpeg)) \d{1,9} BYTES$/.exec(lines[at] ?? '');
  const end = lines.indexOf('IMG/END', at + 1);
  if (found === null || end < 0) return reject('malformed', 'a picture does not end', 'IMG');
  const bytes = new Uint8Array(Buffer.from(lines.slice(at + 1, end).join(''), 'base64'));
  open.pictures.push({ what: found[1] ?? '', mediaType: found[2] ?? '', bytes });
  return end;
}

function readEntry(entries: DirectoryEntry[], line: string): void {
  const found = /^ORI\/(\S+) TYP\/(\S*) STA\/(\S*) ACT\/([AI]) LOC\/(.*)$/.exec(line);
  if (found === null) return;
  entries.push({ ori: found[1] ?? '', type: found[2] ?? '', state: found[3] ?? '', active: found[4] === 'A', name: found[5] ?? '' });
}

function readSummary(line: string): LegacyMessage['summary'] {
  const found = /^SUMMARY ASKED (\d+) HIT (\d+) NOT ON FILE (\d+) REFUSED (\d+) HELD (\d+) SILENT (\d+)$/.exec(line);
  if (found === null) return null;
  const [asked = 0, hit = 0, noHit = 0, refused = 0, held = 0, silent = 0] = found.slice(1).map(Number);
  return { asked, hit, noHit, refused, held, silent };
}
