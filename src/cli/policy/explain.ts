import { sentencesOf, toSource, type PolicyDocument } from '../../policy/index.ts';
import { findingCodes } from '../../policy/index.ts';
import { readPolicy } from '../../store/policies.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { noPolicy, ownerOf, soundFile, soundStored } from './file.ts';
import { documentWords } from './show.ts';

interface Options extends CommonOptions {
  readonly file?: string;
}

export const addExplain: AddVerb = (parent) => {
  parent.command('explain')
    .description('say in words what a rule means, or what a finding of the check means')
    .argument('<what>', 'the id of a rule, such as WA-10; an owner, for all of its rules; or the code of a finding')
    .option('--file <file>', 'a policy file instead of the policy in force')
    .addHelpText('after', '\nExamples:\n  weir policy explain WA-10\n  weir policy explain ZY-7 --file zy.yaml\n  weir policy explain treatmentNotValid')
    .action(verb(async (options: Options, what: string) => {
      if (Object.hasOwn(findingCodes, what)) {
        const { severity, plain } = findingCodes[what as keyof typeof findingCodes];
        return { text: `${what} (${severity}): ${plain}. docs/policy.md says how to mend it.`, json: { code: what, severity, plain } };
      }
      const document = options.file === undefined ? await inForce(options, what) : (await soundFile(options.file)).document;
      if (/^[A-Za-z]{2}$/.test(what)) return { text: documentWords(document).join('\n'), json: { document: toSource(document) } };
      return explained(document, what);
    }));
};

async function inForce(options: Options, what: string): Promise<PolicyDocument> {
  const owner = ownerOf(what.slice(0, 2));
  const stored = await withStore(options, ({ sql }) => readPolicy(sql, owner));
  if (stored === null) throw noPolicy(owner);
  return soundStored(stored);
}

function explained(document: PolicyDocument, id: string): VerbResult {
  const found = sentencesOf(document).find(({ item }) => item.id.toLowerCase() === id.toLowerCase());
  if (found === undefined) throw new VerbError(exitCodes.finding, `${document.policy} has no rule \`${id.slice(0, 40)}\``, `See them all: weir policy explain ${document.policy}`);
  const { item, sentence } = found;
  const lines = [`${item.id}${item.title === null ? '' : `: ${item.title}`}`, `  ${sentence}`, ...item.cites.map((cite) => `  Rests on: ${cite}`), ...document.cites.map((cite) => `  The policy rests on: ${cite}`)];
  return { text: lines.join('\n'), json: { id: item.id, title: item.title, sentence, cites: item.cites } };
}
