import { open } from 'node:fs/promises';
import { refuseExisting } from '../ledger/writeNew.ts';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { changesOf, idPart, withServer, withServerOptions, type ChangeOptions } from './server.ts';

interface Options extends ChangeOptions {
  readonly owner: string;
  readonly out: string;
  readonly pdf?: boolean;
}

/** `weir change certificate ID --out FILE`. */
export const addCertificate: AddVerb = (parent) => {
  withServerOptions(parent.command('certificate'))
    .description('the certificate of an approval: what was approved, by whom and why, and where the ledger says so')
    .argument('<id>', 'the number of a proposal that was approved')
    .requiredOption('--owner <state>', 'whose policy it changes')
    .requiredOption('--out <file>', 'a new file')
    .option('--pdf', 'as a page; as data (JSON), which weir change verify reads, unless told')
    .addHelpText('after', '\nExamples:\n  weir change certificate P-3F7KQ2XD --owner WA --out approval.json\n  weir change certificate P-3F7KQ2XD --owner WA --out approval.pdf --pdf')
    .action(verb(async (options: Options, id: string) => {
      refuseExisting(options.out);
      return await withServer(options, async (server) => {
        const path = `${changesOf(options.owner)}/proposals/${idPart(id)}/certificate${options.pdf === true ? '.pdf' : ''}`;
        const bytes = await server.bytes(path);
        await writeBytes(options.out, bytes);
        return { text: `Written to ${options.out}.`, json: { proposal: id, out: options.out, bytes: bytes.length } };
      });
    }));
};

async function writeBytes(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => { throw new VerbError(exitCodes.environment, `${path} cannot be written`, 'Name a new file in a folder that you may write to.', { cause }); });
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}
