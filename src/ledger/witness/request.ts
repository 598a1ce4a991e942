/** What a log asks of a witness: tlog-witness, "add-checkpoint". */
export interface AddCheckpoint {
  readonly oldSize: number;
  /** Hashes of 32 bytes. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint, as it was sent. */
  readonly note: string;
}

/** "The client MUST NOT send more than 63 consistency proof lines." */
export const mostHashes = 63;

/** Reads the body of a request; a text that says what is wrong with it, where it is none. Anybody who reaches the port controls the input. */
export function parseRequest(body: Uint8Array): AddCheckpoint | string {
  const text = utf8(body);
  if (text === null) return 'the body is not UTF-8';
  const end = text.indexOf('\n\n');
  if (end === -1) return 'no empty line stands before the checkpoint';
  const [first = '', ...lines] = text.slice(0, end).split('\n');
  const oldSize = sizeOf(/^old (.+)$/.exec(first)?.[1] ?? '');
  if (oldSize === null) return 'the first line is not `old` and a size';
  if (lines.length > mostHashes) return `more than ${mostHashes} hashes`;
  const proof = lines.map(hashOf);
  if (!proof.every((hash) => hash !== null)) return 'a line of the proof is not the base64 of 32 bytes';
  return { oldSize, proof, note: text.slice(end + 2) };
}

/** The body of a request. */
export function formatRequest({ oldSize, proof, note }: AddCheckpoint): string {
  return `old ${oldSize}\n${proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('')}\n${note}`;
}

/** A tree size as ASCII decimal without leading zeros; null for anything else, and above what a number holds exactly. */
export function sizeOf(text: string): number | null {
  if (!/^(0|[1-9]\d{0,15})$/.test(text)) return null;
  const size = Number(text);
  return Number.isSafeInteger(size) ? size : null;
}

function hashOf(line: string): Uint8Array | null {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(line)) return null;
  const hash = Buffer.from(line, 'base64');
  // The last letter carries two bits that are no part of the hash: one hash has one text.
  return hash.toString('base64') === line ? hash : null;
}

function utf8(body: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return null;
  }
}
