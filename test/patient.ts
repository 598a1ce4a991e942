import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Settings for an exchange that a test starts on this folder: the sources of owners have a minute and not two seconds, since a machine with other work keeps all waiting. */
export async function patientSettings(data: string): Promise<void> {
  await mkdir(data, { recursive: true, mode: 0o711 });
  await writeFile(join(data, 'settings.yaml'), 'sources:\n  timeoutMs: 60000\n');
}
