import { latestCheckpoint } from '../../ledger/opening/index.ts';
import { openProofs } from '../../ledger/proofs.ts';
import { readLogFile } from '../../ledger/publish/tileStore.ts';
import { ledgerPlaces } from '../../server/compose/ledgerFolder.ts';
import { folderPath } from '../../store/folder.ts';
import { parseNumber } from '../../verify/bytes.ts';
import { formatProof } from '../../verify/proof.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { exitCodes, verb, VerbError } from '../verb.ts';
import { writeNew } from './writeNew.ts';

interface Options extends CommonOptions {
  readonly out?: string;
}

/** `weir ledger proof LOG INDEX`: a `.tlog-proof`. Reads only public files. */
export const addProof: AddVerb = (parent) => {
  parent.command('proof')
    .description('make the proof that an entry is in a log (C2SP tlog-proof)')
    .argument('<log>', 'the name of the log: an owner\'s code in small letters, or anchor')
    .argument('<index>', 'the leaf index, as a receipt names it')
    .option('--out <file>', 'where to put it; else it is printed')
    .addHelpText('after', '\nA checkpoint that a quorum of witnesses cosigned is taken where one covers the entry.\n\nExamples:\n  weir ledger proof wa 1204 --out 1204.tlog-proof\n  weir ledger proof anchor 0')
    .action(verb((options: Options, log: string, index: string) => proof(ledgerPlaces(folderPath(options.data)).ledger, options, log, index)));
};

/** The proof of one leaf. `place` is the ledger's folder. */
export async function proof(place: string, { out }: Options, log: string, text: string): Promise<VerbResult> {
  const index = parseNumber(text);
  if (!/^[a-z0-9]{1,16}$/.test(log)) throw new VerbError(exitCodes.usage, 'a log is named by its owner in small letters, or anchor', '`weir ledger logs` lists them.');
  if (index === null) throw new VerbError(exitCodes.usage, 'the index is a whole number from 0', '`weir ledger logs` tells how many entries a log has.');
  const files = (path: string): Promise<Buffer | null> => readLogFile(place, log, path);
  const [cosigned, signed] = [await latestCheckpoint(files, 'cosigned'), await latestCheckpoint(files)];
  if (signed === null) throw new VerbError(exitCodes.environment, `the log ${log} has no checkpoint here`, '`weir ledger logs` lists the logs.');
  const latest = cosigned !== null && cosigned.size > index ? cosigned : signed;
  if (index >= latest.size) throw new VerbError(exitCodes.finding, `the latest checkpoint of ${log} covers ${latest.size} entries, and so not ${index}`, 'The next one comes within about a second while the exchange runs.');
  const made = formatProof({ index, hashes: await openProofs(files, latest.size).inclusion(index), checkpoint: latest.note });
  const json = { log, index, origin: latest.origin, size: latest.size, out: out ?? null, proof: made };
  if (out === undefined) return { text: made.trimEnd(), json };
  await writeNew(out, [made]);
  return { text: `${out}: entry ${index} of ${latest.origin}, under the checkpoint at ${latest.size}`, json };
}
