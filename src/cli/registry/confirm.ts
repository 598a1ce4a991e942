import { readFile } from 'node:fs/promises';
import { changeContent, confirmSuggestions, rejectSuggestions, textOfDay, dayOf } from '../../registry/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { claimChangeExit, claimChangeLines, claimsAfter } from './brokenClaims.ts';
import { count } from './columnsOfText.ts';
import { withRegistry } from './withRegistry.ts';

interface ConfirmOptions extends CommonOptions {
  readonly by: string;
  readonly on?: string;
  readonly file?: string;
  readonly reject?: boolean;
  readonly prove?: boolean;
}

/** `weir registry confirm ID…`: a person says that suggestions are right, or wrong. There is no way to confirm all unseen. */
export const addConfirm: AddVerb = (parent) => {
  parent.command('confirm')
    .description('turn suggestions into facts, with who confirmed them; or take wrong ones out')
    .argument('[id...]', 'from weir registry suggestions')
    .requiredOption('--by <desk>', 'who confirms: an office or desk, which stays on record')
    .option('--on <day>', 'the day of the confirmation (today)')
    .option('--file <file>', 'a text whose lines begin with the ids')
    .option('--reject', 'the suggestions are wrong: take them out')
    .option('--no-prove', 'do not prove the claims of policies on the new version')
    .addHelpText('after', `
The claims of every policy in force are proved on the new version; exit code 1 where one holds no more.

Examples:
  weir registry confirm 3f1c9a0be27d --by "ZY privacy desk"
  weir registry confirm --file right.txt --by "ZY privacy desk"
  weir registry confirm 77aa01c2de90 --reject --by "ZY privacy desk"`)
    .action(verb(confirm));
};

async function confirm(options: ConfirmOptions, given: readonly string[]): Promise<VerbResult> {
  const ids = [...new Set([...given, ...(options.file === undefined ? [] : await idsIn(options.file))])];
  if (ids.length === 0 || ids.some((id) => !/^[0-9a-f]{12}$/.test(id))) {
    throw new VerbError(exitCodes.usage, ids.length === 0 ? 'no suggestion was named' : 'an id is 12 hexadecimal digits', 'See weir registry suggestions.');
  }
  if (!/^[^\p{Cc};]{2,80}$/u.test(options.by)) throw new VerbError(exitCodes.usage, 'who confirms is named in 2 to 80 characters', 'Give --by "records desk".');
  const said = { by: options.by, on: options.on ?? textOfDay(dayOf(new Date())) };
  const change = options.reject === true ? rejectSuggestions : confirmSuggestions;
  const done = options.reject === true ? 'rejected' : 'confirmed';
  const { stored, claims } = await withRegistry(options, async (sql) => {
    const made = await changeContent(sql, `${count(ids.length)} suggestions ${done} by ${said.by}`, (current) => change(current, ids, said));
    return { stored: made, claims: await claimsAfter(sql, made, options) };
  });
  return {
    text: [`${count(ids.length)} ${done}. The registry is now at version ${stored.version}.`, ...claimChangeLines(claims)].join('\n'),
    json: { [done]: ids, version: stored.version, hash: stored.hash, ...said, claims },
    exit: claimChangeExit(claims),
  };
}

async function idsIn(path: string): Promise<string[]> {
  try {
    const text = await readFile(path, 'utf8');
    return text.split(/\r?\n/).map((line) => /^\s*([0-9a-f]{12})(\s|$)/.exec(line)?.[1] ?? '').filter((id) => id !== '');
  } catch (error) {
    throw new VerbError(exitCodes.environment, `the file cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`, 'Check the path.', { cause: error });
  }
}
