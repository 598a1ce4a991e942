import type { JournalReport } from '../../ledger/index.ts';
import { verifyJournal } from '../../ledger/index.ts';
import type { AddVerb, CommonOptions, VerbResult } from '../verb.ts';
import { exitCodes, verb } from '../verb.ts';
import { journalFolder } from './folder.ts';

/** `weir journal verify`: 0 where every byte is as it was written, 1 where one is not. */
export const addVerify: AddVerb = (parent) => {
  parent.command('verify')
    .description('check every byte of the journal: sums, the chain of hashes, the order of entries')
    .addHelpText('after', '\nExamples:\n  weir journal verify\n  weir journal verify --data /srv/weir --json\n\nExit code 1 where there is damage; file and byte are named.')
    .action(verb(async (options: CommonOptions) => verifyResult(await verifyJournal(journalFolder(options)))));
};

function verifyResult(report: JournalReport): VerbResult {
  const { entries, first, last, batches, segments, bytes, chain, torn, damage } = report;
  const lines = [
    `entries   ${entries}${first === null || last === null ? '' : `, ${first} to ${last}`}`,
    `batches   ${batches} in ${segments} ${segments === 1 ? 'file' : 'files'}, ${bytes} bytes`,
    `chain     ${chain}`,
    ...(torn === null ? [] : [`note      ${torn.file} at byte ${torn.offset}: ${torn.bytes} bytes of a batch that is being written, or was cut short and never acknowledged`]),
    ...damage.map((one) => `damage    ${one.file} at byte ${one.offset}: ${one.what}`),
    damage.length === 0 ? 'The journal is whole.' : `The journal is damaged in ${damage.length} ${damage.length === 1 ? 'place' : 'places'}.`,
  ];
  return { text: lines.join('\n'), json: { ok: damage.length === 0, ...report }, exit: damage.length === 0 ? exitCodes.ok : exitCodes.finding };
}
