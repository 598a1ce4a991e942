import { hashBytes } from '../../verify/merkle.ts';
import { parseTilePath, tilePath, tileWidth } from '../../verify/tilePath.ts';
import type { TileName } from '../../verify/tilePath.ts';
import type { LogName } from '../record.ts';
import type { PublishFs } from './fs.ts';
import { contents, names, publishFs } from './fs.ts';

type Reading = Pick<PublishFs, 'readFile' | 'readdir'>;

/** What stands beside the tiles: the latest checkpoint, and the latest one that a quorum of witnesses cosigned (ours; not of tlog-tiles). */
const notes = new Set(['checkpoint', 'cosigned']);

/**
 * A public file of a log by its path (`checkpoint`, `cosigned`, `tile/0/x001/234`, `tile/entries/000.p/7`); null where there is none. `place` is the
 * ledger's folder. Anybody may control `log` and `path`: what is not the one way to write the name of such a file is answered with null, and so
 * no path leads elsewhere. A partial tile that was taken away is the beginning of the whole one or of a larger partial one (C2SP tlog-tiles,
 * "Partial Tiles"). A file that is shorter than its name says, as it is while it is written, is taken as not there.
 */
export async function readLogFile(place: string, log: LogName, path: string, fs: Reading = publishFs): Promise<Buffer | null> {
  if (!/^[a-z0-9]{1,16}$/.test(log)) return null;
  const folder = `${place}/log/${log}`;
  if (notes.has(path)) return await contents(fs, `${folder}/${path}`);
  const name = parseTilePath(path);
  if (name === null) return null;
  const exact = cut(await contents(fs, `${folder}/${path}`), name, name.width);
  if (exact !== null || name.width === tileWidth) return exact;
  const whole = cut(await contents(fs, `${folder}/${tilePath(name.level, name.n)}`), name, tileWidth);
  if (whole !== null) return cut(whole, name, name.width, true);
  for (const width of await widthsOf(fs, folder, name)) {
    const larger = width > name.width ? cut(await contents(fs, `${folder}/${tilePath(name.level, name.n, width)}`), name, width) : null;
    if (larger !== null) return cut(larger, name, name.width, true);
  }
  return null;
}

/** The widths of the partial tiles of a number that have a file, in ascending order. `folder` is that of the log. */
export async function widthsOf(fs: Reading, folder: string, { level, n }: Pick<TileName, 'level' | 'n'>): Promise<readonly number[]> {
  const found = await names(fs, `${folder}/${tilePath(level, n)}.p`);
  return found.filter((name) => /^[1-9]\d{0,2}$/.test(name)).map(Number).filter((width) => width < tileWidth).sort((a, b) => a - b);
}

/** The first `width` hashes or entries. Null where the bytes have fewer, and, but for `longer`, where they have more. */
function cut(bytes: Buffer | null, { level }: TileName, width: number, longer = false): Buffer | null {
  if (bytes === null) return null;
  let end = width * hashBytes;
  if (level === 'entries') {
    end = 0;
    for (let entry = 0; entry < width; entry += 1) {
      if (end + 2 > bytes.length) return null;
      end += 2 + bytes.readUInt16BE(end);
    }
  }
  if (end > bytes.length || (!longer && end < bytes.length)) return null;
  return bytes.subarray(0, end);
}
