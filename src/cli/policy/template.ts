import { checkPolicy, type PolicyDocument } from '../../policy/index.ts';
import { adoptTemplate, readTemplate, templateNames } from '../../templates/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { ownerOf } from './file.ts';
import { versionOf } from './show.ts';

interface Options extends CommonOptions {
  readonly owner?: string;
  readonly at?: string;
}

export const addTemplate: AddVerb = (parent) => {
  parent.command('template')
    .description('policies modelled on published law, as a start for your own: the list, or one of them. Not legal advice')
    .argument('[name]', 'which one; all are listed where it is absent')
    .option('--owner <owner>', 'for this owner: its letters and the ids are set')
    .option('--at <version>', 'with this version, one above your last; else 1')
    .addHelpText('after', '\nExamples:\n  weir policy template\n  weir policy template colorado --owner NM > nm.yaml\n  weir policy check nm.yaml\n\nSee docs/templates.md.')
    .action(verb((options: Options, name?: string) => (name === undefined ? list() : one(name, options))));
};

function list(): { text: string; json: unknown } {
  const rows = templateNames().map((name) => {
    const document = documentOf(textOf(name));
    return { name, law: document.cites.join('; '), effective: document.effective, title: document.title ?? '', rules: document.rules.length, claims: document.claims.length, note: document.note };
  });
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.flatMap(({ name, law, effective, title, rules, claims }) => [
    `${name.padEnd(width)}  ${title}`,
    `${' '.repeat(width)}  ${law}; from ${effective}; ${rules} rules, ${claims} ${claims === 1 ? 'claim' : 'claims'}`,
  ]);
  return { text: [...lines, '', 'In our own words, and not legal advice. Print one: weir policy template NAME --owner XX'].join('\n'), json: { templates: rows } };
}

function one(name: string, options: Options): { text: string; json: unknown } {
  const text = textOf(name);
  const owner = ownerOf(options.owner ?? documentOf(text).policy);
  const version = options.at === undefined ? 1 : versionOf(options.at);
  const adopted = adoptTemplate(text, { owner, version });
  return { text: adopted.trimEnd(), json: { name, owner, version, text: adopted } };
}

function textOf(name: string): string {
  const text = readTemplate(name);
  if (text !== null) return text;
  throw new VerbError(exitCodes.usage, `\`${name.slice(0, 40)}\` is not a template`, `Use one of: ${templateNames().join(', ')}`);
}

/** The documents ship with the program and are held sound by a test. */
function documentOf(text: string): PolicyDocument {
  const result = checkPolicy(text);
  if (result.ok) return result.document;
  throw new VerbError(exitCodes.environment, 'a template of this installation is damaged', 'Install Weir again.');
}
