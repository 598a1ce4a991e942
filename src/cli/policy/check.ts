import type { CheckResult, Finding, PolicyDocument, Severity } from '../../policy/index.ts';
import type { Network } from '../../model/index.ts';
import { allFindings, type DeepAdvice } from '../../proof/advise/index.ts';
import { withLibrary } from '../proof/basis.ts';
import { exitCodes, verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { checkFile, noPolicy, ownerOf, soundFile } from './file.ts';
import { findingLines } from './findingLines.ts';

interface Options extends CommonOptions {
  readonly against?: string;
  readonly withRegistry?: boolean;
}

export const addCheck: AddVerb = (parent) => {
  parent.command('check')
    .description('check policy files, without a server or a database')
    .argument('<file...>', 'policies as YAML or JSON')
    .option('--against <policy>', 'also what the rules newly give, beside this policy: a file, or an owner, for its policy in force')
    .option('--with-registry', 'also which rules match nobody now, how many gain, and claims over the agencies that there are; reads the database')
    .addHelpText('after', '\nExit code 1 where a file has an error; warnings and notices do not count. docs/policy.md explains every code.\n\nExamples:\n  weir policy check wa.yaml\n  weir policy check draft.yaml --against wa.yaml\n  weir policy check draft.yaml --against WA --with-registry')
    .action(verb(async (options: Options, files: string[]) => {
      const beside = await besideOf(options);
      const checked = await Promise.all(files.map(async (file) => {
        const { text, result } = await checkFile(file);
        return { file, text, result, findings: allFindings(result, beside) };
      }));
      return {
        text: checked.flatMap(({ file, text, result, findings }) => [...findingLines(file, text, findings), summary(file, result, findings)]).join('\n'),
        json: { files: checked.map(({ file, result, findings }) => ({ file, ok: result.ok, ...facts(result), findings })) },
        exit: checked.every(({ result }) => result.ok) ? exitCodes.ok : exitCodes.finding,
      };
    }));
};

/** The policy to compare with and the registry. The database is opened only where one of them is in it. */
async function besideOf({ against, withRegistry, ...options }: Options): Promise<DeepAdvice> {
  const at = Date.now();
  const owner = against !== undefined && /^[A-Za-z]{2}$/.test(against) ? ownerOf(against) : null;
  const file = against === undefined || owner !== null ? null : (await soundFile(against)).document;
  if (owner === null && withRegistry !== true) return { at, base: file };
  return withLibrary(options, async (library) => {
    const network: Network | null = withRegistry === true ? await library.network() : null;
    const base: PolicyDocument | null = owner === null ? file : ((await library.policy(owner))?.document ?? null);
    if (owner !== null && base === null) throw noPolicy(owner);
    return { at, base, network };
  });
}

function summary(file: string, result: CheckResult, findings: readonly Finding[]): string {
  const counts = (['error', 'warning', 'notice'] as const).map((severity) => count(findings, severity)).join(', ');
  if (!result.ok) return `${file}: not sound: ${counts}`;
  const { document, hash } = result;
  return `${file}: sound: ${document.policy} version ${document.version}, ${document.rules.length} ${document.rules.length === 1 ? 'rule' : 'rules'}, hash ${hash.slice(0, 12)}…: ${counts}`;
}

function count(findings: readonly Finding[], severity: Severity): string {
  const found = findings.filter((one) => one.severity === severity).length;
  return `${found === 0 ? 'no' : found} ${severity}${found === 1 ? '' : 's'}`;
}

function facts(result: CheckResult): object {
  return result.ok ? { owner: result.document.policy, version: result.document.version, hash: result.hash } : {};
}
