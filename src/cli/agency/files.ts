import { access, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

import type { Enrolled } from '../../people/index.ts';
import { exitCodes, VerbError } from '../verb.ts';

export interface CertificateFiles {
  readonly key: string;
  readonly certificate: string;
  readonly authority: string;
}

/** Where the files of an enrolment will lie. Never over a key that is there. */
export async function planFiles(out: string, name: string): Promise<CertificateFiles> {
  const folder = resolve(out);
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, 2);
  } catch (cause) {
    throw new VerbError(exitCodes.environment, `the folder ${folder} cannot be written`, 'Name another with --out.', { cause });
  }
  const files = { key: join(folder, `${name}.key`), certificate: join(folder, `${name}.crt`), authority: join(folder, 'authority.crt') };
  for (const path of [files.key, files.certificate]) {
    if (await access(path).then(() => true, () => false)) throw new VerbError(exitCodes.usage, `${path} is there already`, 'Move it away, or name another folder with --out.');
  }
  return files;
}

export async function writeFiles(files: CertificateFiles, made: Enrolled): Promise<void> {
  await writeFile(files.key, made.key, { mode: 0o600, flag: 'wx' });
  await writeFile(files.certificate, made.certificate, { flag: 'wx' });
  await writeFile(files.authority, made.authority);
}
