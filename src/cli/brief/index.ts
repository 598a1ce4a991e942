import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { briefingHtml, briefingMarkdown, briefingPdf, briefingText, makeBriefing, rowsText, type Briefing } from '../../insight/briefing/index.ts';
import { ownersOf, withInsight, type InsightOptions } from '../insight/context.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { exitCodes, verb, VerbError, type AddVerb, type VerbResult } from '../verb.ts';

interface Options extends InsightOptions {
  readonly format?: string;
  readonly out?: readonly string[];
  readonly rows?: string;
}

/** `weir brief`: one page on who asked for an owner's records, what they got, why, and under which rules. */
export const addBrief: AddVerb = (parent) => {
  parent.command('brief')
    .description('one page for a person who decides: who asked, what they got, why, under which rules, what changed, what needs a decision')
    .argument('<owner>', 'two letters, such as WA; all: a short form about every state')
    .option('--period <period>', '2026, 2026-Q3, 2026-10, two of these with .. between, last-month, last-12-months; else the twelve months up to the newest entry')
    .option('--log <name>', 'the data set: `weir archive list` shows them')
    .option('--format <format>', `what is printed: ${formats.join(', ')}`, 'text')
    .option('--out <file>', 'writes the briefing there, as its ending says: .html, .pdf, .md, .json or .txt; several times for several forms', (file: string, before: readonly string[] | undefined) => [...(before ?? []), file])
    .option('--rows <name>', 'instead, the table behind numbers: `rows` of a number in the JSON names it')
    .addHelpText('after', `
The page is made from counts and proofs, and never typed. Each number opens to its rows: in HTML and PDF by a link to the table behind it, in
Markdown by a footnote, in JSON by \`rows\` and \`command\`. A log that lacks something is said to lack it.

Examples:
  weir brief WA                                        to read here, for the last twelve months on file
  weir brief WA --period 2026-Q3 --out q3.html --out q3.pdf
  weir brief WA --format md > briefing.md
  weir brief WA --rows blocked                         the rows behind the attempts that went on
  weir brief all --period last-month                   every state, for whoever runs the network`)
    .action(verb(async (options: Options, owner: string) => {
      if (options.rows !== undefined && (options.out !== undefined || (options.format ?? 'text') !== 'text')) throw new VerbError(exitCodes.usage, '--rows shows one table, and writes nothing', 'Leave --out and --format out; --json gives the table to programs.');
      const format = formatOf(options.format ?? 'text');
      const files = (options.out ?? []).map((file) => ({ file, format: formatOfFile(file) }));
      if (format === 'pdf') throw new VerbError(exitCodes.usage, 'a PDF is not printed on a terminal', 'Name a file: --out briefing.pdf');
      // A page about a state needs that state; the short form takes what the data set has.
      const owners = ownersOf(owner);
      const briefing = await withInsight(options, { owners }, async ({ session, world, record }) => {
        await record({ act: 'briefingRead', detail: { kind: session.dataset.kind, way: files.length > 0 ? 'file' : options.rows === undefined ? 'page' : 'rows' } });
        const line = new RewrittenLine(process.stderr, options.quiet === true);
        try {
          return await makeBriefing(session, world, { owner: owners === 'all' ? 'all' : (owners[0] ?? ''), step: (done, of) => { line.show((seconds) => `  counting ${done} of ${of}   (${Math.round(seconds)} s)`); } });
        } finally {
          line.end();
        }
      });
      if (options.rows !== undefined) return rowsOf(briefing, options.rows);
      for (const { file, format: as } of files) await put(file, await written(briefing, as));
      if (files.length > 0) return { text: files.map(({ file }) => `${file}: ${briefing.title}, ${briefing.basis.period.words}`).join('\n'), json: { written: files.map(({ file }) => file), title: briefing.title, basis: briefing.basis } };
      return printed(briefing, format);
    }));
};

const formats = ['text', 'html', 'pdf', 'md', 'json'] as const;
type Format = (typeof formats)[number];

function rowsOf(briefing: Briefing, id: string): VerbResult {
  const text = rowsText(briefing, id);
  if (text === null) throw new VerbError(exitCodes.usage, `no number of this briefing has rows named \`${id.slice(0, 40)}\``, `There are: ${briefing.behind.map((one) => one.id).join(', ')}.`);
  return { text, json: { basis: briefing.basis, rows: briefing.behind.find((one) => one.id === id) } };
}

async function printed(briefing: Briefing, format: Format): Promise<VerbResult> {
  return { text: String(await written(briefing, format)).trimEnd(), json: briefing };
}

async function written(briefing: Briefing, format: Format): Promise<string | Uint8Array> {
  switch (format) {
    case 'text': return `${briefingText(briefing)}\n`;
    case 'html': return briefingHtml(briefing);
    case 'pdf': return briefingPdf(briefing);
    case 'md': return briefingMarkdown(briefing);
    case 'json': return `${JSON.stringify(briefing, null, 2)}\n`;
  }
}

async function put(file: string, content: string | Uint8Array): Promise<void> {
  try {
    await writeFile(file, content);
  } catch (error) {
    throw new VerbError(exitCodes.environment, `${file} cannot be written: ${error instanceof Error ? error.message.replace(/^[A-Z]+: /, '') : String(error)}`, 'Name a file in a folder that exists and that you may write to.', { cause: error });
  }
}

function formatOf(text: string): Format {
  const found = formats.find((one) => one === text);
  if (found === undefined) throw new VerbError(exitCodes.usage, `\`${text.slice(0, 40)}\` is no form of a briefing`, `Use one of: ${formats.join(', ')}.`);
  return found;
}

const endings: Readonly<Record<string, Format>> = { '.html': 'html', '.htm': 'html', '.pdf': 'pdf', '.md': 'md', '.json': 'json', '.txt': 'text' };

function formatOfFile(file: string): Format {
  const found = endings[extname(file).toLowerCase()];
  if (found === undefined) throw new VerbError(exitCodes.usage, `${file} does not say in its ending what it is to be`, 'End it in .html, .pdf, .md, .json or .txt.');
  return found;
}
