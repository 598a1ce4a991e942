import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fsck } from '../../ledger/fsck/index.ts';
import type { FsckReport } from '../../ledger/fsck/index.ts';
import { keyOwners, openKeys } from '../../ledger/keys/index.ts';
import { publicBytes, readSigningKey } from '../../ledger/keys/ed25519.ts';
import { ledgerPlaces, ledgerSettings, witnessPolicy } from '../../server/compose/ledgerFolder.ts';
import type { LedgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { folderPath } from '../../store/folder.ts';
import { VerifyError, formatKey, parsePolicy, parseVkey } from '../../verify/index.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { exitCodes, verb, VerbError } from '../verb.ts';
import { settingsOf } from './folder.ts';
import { TimeLeft } from './timeLeft.ts';

interface Options extends CommonOptions {
  readonly keys?: boolean;
  readonly log?: string[];
  readonly vkeys?: string;
  readonly mend?: boolean;
}

/** `weir ledger fsck`: 0 where everything that is stored follows from the raw entries, 1 where something does not. */
export const addFsck: AddVerb = (parent) => {
  parent.command('fsck')
    .description('make the ledger anew from its raw entries and compare every stored file with it')
    .option('--keys', 'open every record with its key and compute its commitment again')
    .option('--log <name...>', 'only these logs, such as wa or anchor')
    .option('--vkeys <file>', 'public keys of the logs, one NAME+ID+KEY a line, where the key folder is not here')
    .option('--mend', 'write tiles and bundles that are missing or differ anew; never a checkpoint, never a raw record')
    .addHelpText('after', '\nReads only, but for --mend, and may run beside a running exchange. Exit code 1 where something differs; each file is named.\n\nExamples:\n  weir ledger fsck\n  weir ledger fsck --log wa --keys\n  weir ledger fsck --mend --json')
    .action(verb(run));
};

async function run(options: Options): Promise<VerbResult> {
  const places = ledgerPlaces(folderPath(options.data));
  if (!existsSync(places.ledger) && !existsSync(places.journal)) throw new VerbError(exitCodes.environment, `there is no ledger in ${folderPath(options.data)}`, 'Give the data folder with --data, or run weir start first.');
  for (const log of options.log ?? []) if (!/^[a-z0-9]+$/.test(log)) throw new VerbError(exitCodes.usage, `${log.slice(0, 60)} is no name of a log`, 'A log is named by its owner in small letters, or anchor.');
  const settings = await settingsOf(options);
  const policy = await witnessPolicy(settings);
  const given = options.vkeys === undefined ? null : await readVkeys(options.vkeys);
  const { keyProgram } = ledgerSettings(settings);
  const keys = options.keys === true ? await openKeys(places.keys, await keyOwners(places.keys), keyProgram === null ? {} : { command: keyProgram }) : null;
  const line = new TimeLeft(process.stderr, options.quiet === true || options.json === true);
  const report = await fsck({
    journal: places.journal, ledger: places.ledger,
    publicKey: async (log) => given?.get(log) ?? (await keyInFolder(places, log)),
    witnesses: policy === null ? [] : parsePolicy(policy).witnesses.map((witness) => formatKey(witness.key)),
    ...(keys === null ? {} : { days: keys.days }),
    ...(options.log === undefined ? {} : { logs: options.log }),
    mend: options.mend === true,
    onProgress: (done, total) => line.show(done, total),
  }).finally(() => line.end());
  return { text: lines(report, options.keys === true).join('\n'), json: { ok: report.findings.length === 0, ...report }, exit: report.findings.length === 0 ? exitCodes.ok : exitCodes.finding };
}

/** The public half of a log's signing key, where that is a file here. Makes none. */
async function keyInFolder({ keys }: LedgerPlaces, log: string): Promise<Uint8Array | null> {
  const path = join(keys, 'logs', `${log}.key`);
  return existsSync(path) ? publicBytes(readSigningKey(await readFile(path, 'utf8'), path)) : null;
}

/** Keys by the last part of their names, `PREFIX/log/NAME`. */
async function readVkeys(file: string): Promise<ReadonlyMap<string, Uint8Array>> {
  try {
    const found = new Map<string, Uint8Array>();
    for (const line of (await readFile(file, 'utf8')).split('\n').map((text) => text.trim())) {
      if (line === '' || line.startsWith('#')) continue;
      const { name, publicKey } = parseVkey(line);
      found.set(name.slice(name.lastIndexOf('/') + 1), publicKey);
    }
    return found;
  } catch (error) {
    if (error instanceof VerifyError) throw new VerbError(exitCodes.usage, `${file}: ${error.message}`, 'Each line is NAME+ID+KEY.', { cause: error });
    throw new VerbError(exitCodes.environment, `${file} cannot be read`, null, { cause: error });
  }
}

function lines({ logs, findings, remarks, mended, unsignedLogs }: FsckReport, opened: boolean): string[] {
  const width = Math.max(6, ...logs.map(({ log }) => log.length));
  return [
    ...logs.map(({ log, size, published, erased, files, opened: some }) => `${log.padEnd(width)}  ${size} entries, ${published === null ? 'no checkpoint' : `checkpoint of ${published}`}, ${files} tiles and bundles${erased === 0 ? '' : `, ${erased} erased`}${opened ? `, ${some} opened` : ''}`),
    ...remarks.map(({ file, what }) => `note    ${file}: ${what}`),
    ...(unsignedLogs.length === 0 ? [] : [`note    no key is known of ${unsignedLogs.join(', ')}: signatures were not verified. Give keys with --vkeys.`]),
    ...mended.map((file) => `mended  ${file}`),
    ...findings.map(({ file, what }) => `DIFFERS ${file}: ${what}`),
    findings.length === 0 ? 'Everything that is stored follows from the raw entries.' : `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}.`,
  ];
}
