import { readFile } from 'node:fs/promises';
import { VerifyError, parsePolicy } from '../../../verify/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../../verb.ts';
import { witnessPolicy } from '../../../server/compose/ledgerFolder.ts';
import { signersOf, withKeys, type SignerView } from './open.ts';

interface Options extends CommonOptions {
  readonly witnesses?: string;
  readonly url?: string;
  readonly retired?: boolean;
}

/** `weir ledger keys policy`: what a verifier outside needs to know whom to trust. */
export const addKeysPolicy: AddVerb = (parent) => {
  parent.command('policy')
    .description('print a trust policy (C2SP tlog-policy) for all logs and for receipts')
    .option('--witnesses <file>', 'take witness, group and quorum lines from this policy, and not from the one in the settings')
    .option('--url <address>', 'where the logs are served, such as https://weir.example.org')
    .option('--retired', 'trust the retired keys too, for checkpoints and receipts from before')
    .addHelpText('after', '\nWithout witnesses, here or in the settings, the quorum is none.\n\nExamples:\n  weir ledger keys policy > weir.policy\n  weir ledger keys policy --witnesses witnesses.policy --url https://weir.example.org')
    .action(verb((options: Options) => withKeys(options, async (folder): Promise<VerbResult> => {
      const witnesses = options.witnesses === undefined ? await witnessPolicy(folder.settings) : await readGiven(options.witnesses);
      const signers = await signersOf(folder);
      const text = policyText(folder.prefix, signers, { witnesses, url: options.url ?? null, retired: options.retired === true });
      return { text: text.trimEnd(), json: { prefix: folder.prefix, logs: signers.map(({ name, vkey, old }) => ({ name, vkey, old })), policy: text } };
    })));
};

/** The policy. Throws a `VerbError` where the given one, or what comes of both, is no policy. */
export function policyText(prefix: string, signers: readonly SignerView[], { witnesses, url, retired }: { readonly witnesses: string | null; readonly url: string | null; readonly retired: boolean }): string {
  if (url !== null && !/^https?:\/\/[!-~]+$/.test(url)) throw new VerbError(exitCodes.usage, 'the address is no http or https address', 'Give it as https://weir.example.org.');
  if (witnesses !== null) checked(witnesses, 'the file of witnesses');
  // The lines of another policy that name its logs are not ours to trust.
  const quorum = witnesses === null ? ['quorum none'] : witnesses.split('\n').filter((line) => !/^[ \t]*log[ \t]/.test(line));
  const lines = [
    `# Whom to trust for the ledger ${prefix}.`,
    ...signers.flatMap(({ name, vkey, old }) => [
      `log ${vkey}${url === null || name === 'receipts' ? '' : ` ${url.replace(/\/+$/, '')}/log/${name}`}`,
      ...old.map((one) => `${retired ? '' : '# retired: '}log ${one}`),
    ]),
    '',
    ...quorum,
  ];
  const text = `${lines.join('\n').trimEnd()}\n`;
  checked(text, 'the policy');
  return text;
}

function checked(text: string, what: string): void {
  try {
    parsePolicy(text);
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    throw new VerbError(exitCodes.usage, `${what} is no trust policy${error.at === null ? '' : `, ${error.at}`}: ${error.message}`, 'See c2sp.org/tlog-policy.', { cause: error });
  }
}

async function readGiven(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new VerbError(exitCodes.usage, `the file ${path} cannot be read`, null, { cause: error });
  }
}
