import { fromBase64, isCount, parseNumber, toBase64 } from './bytes.ts';
import { hashBytes } from './merkle.ts';
import { VerifyError } from './types.ts';

/** The head of a log at one size. */
export interface Checkpoint {
  /** The log's name, `PREFIX/log/NAME`. */
  readonly origin: string;
  /** Leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * Reads the text of a checkpoint (C2SP tlog-checkpoint, "Note text"), not the note with its signatures.
 * Throws VerifyError `malformed`; sizes from 2^53 are refused, since they could not be counted exactly.
 */
export function parseCheckpoint(text: string): Checkpoint & { readonly extensions: readonly string[] } {
  const lines = text.split('\n');
  const [origin = '', sizeText = '', rootText = '', ...extensions] = lines.slice(0, -1);
  const size = parseNumber(sizeText);
  const root = rootText.length === 44 ? fromBase64(rootText) : null;
  if (lines.at(-1) !== '' || origin === '') throw malformed('A checkpoint has an origin, a size and a root, each on its line.');
  if (size === null) throw malformed('The size of the checkpoint is no whole number below 2^53 without leading zeros.');
  if (root?.length !== hashBytes) throw malformed('The root of the checkpoint is not the base64 of 32 bytes.');
  if (extensions.includes('')) throw malformed('A line of the checkpoint is empty.');
  return { origin, size, root, extensions };
}

/** The text that is signed: three lines. */
export function formatCheckpoint({ origin, size, root }: Checkpoint): string {
  if (origin === '' || origin.includes('\n') || !isCount(size) || root.length !== hashBytes) throw malformed('These are no origin, size and root.');
  return `${origin}\n${String(size)}\n${toBase64(root)}\n`;
}

function malformed(message: string): VerifyError {
  return new VerifyError('malformed', message, 'checkpoint');
}
