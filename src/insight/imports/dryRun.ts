import { basename } from 'node:path';
import { hashFile, textBytes } from './bytes.ts';
import type { FilesOptions } from './importFiles.ts';
import { FileReading, shareParts, type ReadingParts } from './reading.ts';
import type { RowWriter } from './rows.ts';
import { Seen } from './seen.ts';
import type { Source } from './state.ts';
import { Tally } from './tally.ts';

/** Reads files as an import would, and writes nothing. Gives what an import would keep of each. */
export async function dryRun(parts: Omit<ReadingParts, 'writer' | 'seen'>, mappingHash: string, paths: readonly string[], listed: number, { progress, stopped }: FilesOptions = {}): Promise<readonly Source[]> {
  const shared = shareParts({ ...parts, writer: forgetting(), seen: new Seen(parts.mapping.duplicates?.within ?? 1_000_000) });
  const hashed: { path: string; sha256: string; bytes: number }[] = [];
  for (const path of paths) hashed.push({ path, ...(await hashFile(path)) });
  const total = hashed.reduce((sum, { bytes }) => sum + bytes, 0);
  const sources: Source[] = [];
  let from = 0;
  let done = 0;
  for (const { path, sha256, bytes } of hashed) {
    const file = basename(path);
    const tally = new Tally(listed);
    const reading = new FileReading(shared, tally, { number: sources.length + 1, name: file, from }, null);
    let halted = false;
    for await (const { chunk, done: at } of textBytes(path, 0)) {
      reading.take(chunk, false);
      shared.rows.flush();
      progress?.({ file, done: done + at, total, lines: from + tally.read });
      if (stopped?.() === true) {
        halted = true;
        break;
      }
    }
    if (!halted) reading.take(Buffer.alloc(0), true);
    shared.rows.flush();
    sources.push({
      file, sha256, mapping: mappingHash, registry: { version: parts.registry.version, hash: parts.registry.hash }, from, began: '', ended: null, end: halted ? null : 'whole',
      tally: tally.state(), position: reading.position(null), recorded: 0,
    });
    from = reading.next;
    done += bytes;
    if (halted) break;
  }
  return sources;
}

/** Numbers words and forgets rows. */
function forgetting(): RowWriter {
  let words = 0;
  const word = (): number => (words += 1);
  return { attributes: word, requester: word, context: word, outcome: word, addColumns: () => undefined };
}
