import { sentencesOf, toSource, type PolicyDocument } from '../../policy/index.ts';
import { readPolicy } from '../../store/policies.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { noPolicy, ownerOf, soundStored } from './file.ts';

interface Options extends CommonOptions {
  readonly words?: boolean;
  readonly at?: string;
}

export const addShow: AddVerb = (parent) => {
  parent.command('show')
    .description('print the policy of an owner that is in force')
    .argument('<owner>', 'two letters, such as WA')
    .option('--words', 'as sentences')
    .option('--at <version>', 'this version, and not the one in force')
    .addHelpText('after', '\nExamples:\n  weir policy show WA > wa.yaml\n  weir policy show WA --words')
    .action(verb(async (options: Options, text: string) => {
      const owner = ownerOf(text);
      const version = options.at === undefined ? undefined : versionOf(options.at);
      const stored = await withStore(options, ({ sql }) => readPolicy(sql, owner, version));
      if (stored === null) throw noPolicy(owner, version);
      const document = soundStored(stored);
      const { author, activatedAt, hash } = stored;
      return {
        text: options.words === true ? documentWords(document).join('\n') : stored.text.trimEnd(),
        json: { owner, version: stored.version, hash, author, activatedAt, document: toSource(document), sentences: sentencesOf(document).map(({ item, sentence }) => ({ id: item.id, sentence })) },
      };
    }));
};

/** A document as sentences, one item a line. */
export function documentWords(document: PolicyDocument): string[] {
  return [
    `${document.policy}, version ${document.version}, in force from ${document.effective}${document.expires === null ? '' : ` up to ${document.expires}`}${document.title === null ? '' : `: ${document.title}`}`,
    ...(document.note === null ? [] : [document.note]),
    ...sentencesOf(document).map(({ item, sentence }) => `  ${item.id}  ${sentence}`),
    '  Whatever no rule gives is refused; of the rules that match, the strictest wins.',
  ];
}

export function versionOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new VerbError(exitCodes.usage, `\`${text.slice(0, 20)}\` is not a version`, 'A version is a whole number from 1.');
}
