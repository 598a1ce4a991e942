import type { Network } from '../../model/index.ts';
import { tableFor, type PolicyDocument, type PolicyTable } from '../../policy/index.ts';
import { policyPage } from '../../proof/page.ts';
import { pageHtml } from '../../proof/pageHtml.ts';
import { pageMarkdown, pageText } from '../../proof/pageText.ts';
import { basisOf, dataClassOf, withLibrary } from '../proof/basis.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { soundFile } from './file.ts';

interface Options extends CommonOptions {
  readonly file?: string;
  readonly format: string;
  readonly class?: string;
  readonly rows: string;
  readonly registry?: string;
}

const formats = ['text', 'markdown', 'html'] as const;

export const addTable: AddVerb = (parent) => {
  parent.command('table')
    .description('the whole policy as one page: who gets which class of data, and when')
    .argument('[owner]', 'two letters, such as WA: the policy in force, for the agencies of the registry')
    .option('--file <file>', 'a policy file instead; without --registry it needs no database, and shows every kind of agency that the rules tell apart')
    .option('--format <format>', 'text, markdown or html', 'text')
    .option('--class <classes>', 'only these classes of data, with commas')
    .option('--rows <number>', 'at most so many groups of agencies', '12')
    .option('--registry <version>', 'this version of the registry, or `newest`')
    .addHelpText('after', '\nExamples:\n  weir policy table WA\n  weir policy table WA --class photo,address\n  weir policy table WA --format html > wa.html\n  weir policy table --file wa.yaml')
    .action(verb(async (options: Options, owner?: string) => {
      const format = formats.find((one) => one === options.format);
      if (format === undefined) throw usage(`\`${options.format.slice(0, 40)}\` is not a format`, `Use one of: ${formats.join(', ')}`);
      const rows = /^[1-9]\d{0,3}$/.test(options.rows) ? Number(options.rows) : null;
      if (rows === null) throw usage(`\`${options.rows.slice(0, 40)}\` is not a number of rows`, 'A whole number from 1.');
      if (owner === undefined && options.file === undefined) throw usage('name an owner or --file', 'For example: weir policy table WA');
      const classes = options.class === undefined ? {} : { classes: [...new Set(options.class.split(',').map((one) => dataClassOf(one.trim())))] };
      const { document, table, network } = await partsOf(owner, options);
      const page = policyPage(table, document, network, { rows, ...classes });
      const text = { text: pageText, markdown: pageMarkdown, html: pageHtml }[format](page);
      return { text: text.trimEnd(), json: page };
    }));
};

async function partsOf(owner: string | undefined, options: Options): Promise<{ document: PolicyDocument; table: PolicyTable; network: Network | null }> {
  if (options.file !== undefined && owner === undefined && options.registry === undefined) {
    const { document, hash } = await soundFile(options.file);
    return { document, table: tableFor(document, { hash, at: Math.max(Date.now(), Date.parse(document.effective)) }), network: null };
  }
  const { registry, ...rest } = options;
  return withLibrary(options, async (library) => {
    const { document, table, network } = await basisOf(library, owner, registry === undefined || registry === 'newest' ? rest : { ...rest, registry });
    return { document, table, network: network.nodes.some(({ oris }) => oris.length > 0) ? network : null };
  });
}

function usage(message: string, mend: string): VerbError {
  return new VerbError(exitCodes.usage, message, mend);
}
