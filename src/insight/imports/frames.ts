/** Cuts the bytes of a log into entries. Whoever wrote the log controls all of it. */

/** An entry: where its bytes stand, without the end of the line, where the next begins, how many lines it has, and whether it is longer than allowed. */
export interface Frame {
  start: number;
  end: number;
  next: number;
  lines: number;
  tooLong: boolean;
}

/** Looks for the entry that begins at `from`; false where it does not end in these bytes. `final`: nothing follows, so what is left is an entry. */
export type Framer = (bytes: Buffer, from: number, final: boolean, into: Frame) => boolean;

const newline = 0x0a;
const carriageReturn = 0x0d;
const etx = 0x03;

/** One line is one entry. */
export function lineFramer(longest: number): Framer {
  return (bytes, from, final, into) => {
    const at = bytes.indexOf(newline, from);
    if (at < 0 && (!final || from >= bytes.length)) return false;
    set(into, bytes, from, at < 0 ? bytes.length : at, at < 0 ? bytes.length : at + 1, 1, longest);
    return true;
  };
}

/**
 * Lines of a table in which a quoted value may run over line ends (RFC 4180). An entry ends at the first line end at which all quotation marks are closed; one
 * that has not ended after `mostLines` lines or `longest` bytes is its first line alone, whose quotation mark is then found not to end.
 */
export function quotedFramer(longest: number, quote: number, mostLines = 64): Framer {
  return (bytes, from, final, into) => {
    let open = false;
    let lines = 0;
    let first = -1;
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (byte === quote) open = !open;
      if (byte !== newline) continue;
      lines += 1;
      if (first < 0) first = at;
      if (!open) {
        set(into, bytes, from, at, at + 1, lines, longest);
        return true;
      }
      if (lines >= mostLines || at - from > longest) {
        set(into, bytes, from, first, first + 1, 1, longest);
        return true;
      }
    }
    if (!final || from >= bytes.length) return false;
    if (open && first >= 0) set(into, bytes, from, first, first + 1, 1, longest);
    else set(into, bytes, from, bytes.length, bytes.length, lines + (bytes[bytes.length - 1] === newline ? 0 : 1), longest);
    return true;
  };
}

/** Messages that end with ETX, and with the line end behind it; or with an empty line. A line that is empty before a message is an entry of its own. */
export function messageFramer(longest: number, by: 'etx' | 'blank'): Framer {
  return (bytes, from, final, into) => {
    let lines = 0;
    for (let at = from; at < bytes.length;) {
      const end = bytes.indexOf(newline, at);
      if (end < 0) break;
      lines += 1;
      const last = end > at && bytes[end - 1] === carriageReturn ? end - 1 : end;
      const ends = by === 'blank' ? last === at : bytes[last - 1] === etx && last > at;
      if (ends || (lines === 1 && last === at) || end - from > longest) {
        // The empty line belongs to the message that it ends.
        set(into, bytes, from, by === 'blank' && lines > 1 && last === at ? at - 1 : end, end + 1, lines, longest);
        into.tooLong ||= !ends && last !== at && end - from > longest;
        return true;
      }
      at = end + 1;
    }
    if (!final || from >= bytes.length) return false;
    set(into, bytes, from, bytes.length, bytes.length, lines + (bytes[bytes.length - 1] === newline ? 0 : 1), longest);
    return true;
  };
}

function set(into: Frame, bytes: Buffer, start: number, end: number, next: number, lines: number, longest: number): void {
  into.start = start;
  into.end = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
  into.next = next;
  into.lines = lines;
  into.tooLong = into.end - start > longest;
}
