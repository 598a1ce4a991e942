import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSources, type SourceBook } from '../../sources/index.ts';
import { recordsConnection } from './demonstration.ts';
import type { SettingsFile } from './settings.ts';
import { StartError } from './startError.ts';

/** Opens every mapping file of the folder. A connection's address comes from the settings or the environment, never from the file. */
export async function openOwnersSources(folder: string, settings: SettingsFile, recordsUrl: string): Promise<SourceBook> {
  const files = (await readdir(folder)).filter((name) => /\.ya?ml$/.test(name)).sort();
  const mappings = await Promise.all(files.map(async (name) => ({ name, text: await readFile(join(folder, name), 'utf8') })));
  try {
    return await openSources(mappings, {
      ...settings.sources,
      connections: { ...settings.sources?.connections, [recordsConnection]: recordsUrl },
    });
  } catch (error) {
    throw new StartError('SOURCE_MAPPING', error instanceof Error ? error.message : 'a source mapping cannot be read', 'Check the file with `weir source check FILE`.', { cause: error });
  }
}
