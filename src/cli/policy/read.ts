import { stringify } from 'yaml';
import { readSentence, toSource, type PolicyDocument, type SentenceFault, type SentenceResult } from '../../policy/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { readBytes } from './file.ts';
import { pointed } from './findingLines.ts';

interface Options extends CommonOptions {
  readonly file?: string;
  readonly id?: string;
}

/** One line of the input: its sentence, where it stands, and the id that the item is to have. */
interface Line {
  readonly file: string | null;
  readonly line: number;
  /** How many characters stand before the sentence. */
  readonly before: number;
  readonly text: string;
  readonly whole: string;
  readonly id: string;
}

const idShape = /^[A-Za-z0-9][A-Za-z0-9.-]{0,39}$/;
/** An id has a digit, so that no first word of a sentence is one. */
const idBefore = /^\s*(?:(?=[A-Za-z.-]*\d)([A-Za-z0-9][A-Za-z0-9.-]{0,39})(?::\s*|\s{2,}|\t\s*))?/;

export const addRead: AddVerb = (parent) => {
  parent.command('read')
    .description('read sentences back to rules, limits, duties and claims, as YAML for a policy')
    .argument('[sentence]', 'as `weir policy show WA --words` prints them')
    .option('--id <id>', 'the id that the item is to have; with --file, what ids begin with where a line has none', 'NEW-1')
    .option('--file <file>', 'one sentence a line; an id and two spaces may stand before it; empty lines and lines that begin with # are passed over')
    .addHelpText('after', '\nExit code 1 where a sentence cannot be read: the place is shown, and what could stand there.\n\nExamples:\n  weir policy read "Refuse photos to federal agencies, unless a court confirms a warrant." --id ZY-7\n  weir policy read --file sentences.txt')
    .action(verb(async (options: Options, sentence?: string) => {
      if ((sentence === undefined) === (options.file === undefined)) throw usage('name one of a sentence and --file', 'For example: weir policy read "Refuse photos to federal agencies."');
      if (!idShape.test(options.id ?? '')) throw usage(`\`${(options.id ?? '').slice(0, 40)}\` is not an id`, 'Letters, digits, - and ., such as ZY-7.');
      const lines = options.file === undefined ? [whole(sentence ?? '', options.id ?? '')] : linesOf(options.file, new TextDecoder().decode(await readBytes(options.file)), options.id ?? '');
      if (lines.length === 0) throw usage('there is no sentence in the file', 'Write one sentence a line.');
      return result(lines.map((line) => ({ line, read: readSentence(line.text, { id: line.id }) })));
    }));
};

function whole(text: string, id: string): Line {
  return { file: null, line: 1, before: 0, text, whole: text, id };
}

function linesOf(file: string, text: string, id: string): readonly Line[] {
  const prefix = id.replace(/\d+$/, '');
  return text.split(/\r?\n/).flatMap((one, index) => {
    if (one.trim() === '' || one.trimStart().startsWith('#')) return [];
    const [before, own] = idBefore.exec(one) ?? ['', undefined];
    return [{ file, line: index + 1, before: before.length, text: one.slice(before.length), whole: one, id: own ?? `${prefix}${index + 1}` }];
  });
}

function result(all: readonly { readonly line: Line; readonly read: SentenceResult }[]): VerbResult {
  const faults = all.flatMap(({ line, read }) => (read.ok ? [] : [{ line, fault: read }]));
  const items = all.flatMap(({ read }) => (read.ok ? [read] : []));
  const yaml = items.length === 0 ? '' : stringify(sourceOf(items), { version: '1.2', schema: 'core', lineWidth: 120 }).trimEnd();
  return {
    text: [...(yaml === '' ? [] : [yaml]), ...faults.flatMap(({ line, fault }) => faultLines(line, fault))].join('\n'),
    json: { items: sourceOf(items), faults: faults.map(({ line, fault: { code, at, message, mend, expected } }) => ({ line: line.line, column: line.before + at + 1, code, message, mend, expected })) },
    exit: faults.length === 0 ? exitCodes.ok : exitCodes.finding,
  };
}

/** The items in the lists of a policy, as its text has them. */
function sourceOf(items: readonly (SentenceResult & { readonly ok: true })[]): object {
  const document: PolicyDocument = {
    policy: 'ZY', version: 1, effective: '2026-01-01', expires: null, title: null, note: null, cites: [],
    rules: items.flatMap((one) => (one.kind === 'rule' ? [one.item] : [])), onward: items.flatMap((one) => (one.kind === 'onward' ? [one.item] : [])),
    limits: items.flatMap((one) => (one.kind === 'limit' ? [one.item] : [])), notify: items.flatMap((one) => (one.kind === 'notify' ? [one.item] : [])),
    claims: items.flatMap((one) => (one.kind === 'claim' ? [one.item] : [])),
  };
  const lists = ['rules', 'onward', 'limits', 'notify', 'claims'];
  return Object.fromEntries(Object.entries(toSource(document)).filter(([key, value]) => lists.includes(key) && Array.isArray(value) && value.length > 0));
}

function faultLines(line: Line, { code, at, message, mend }: SentenceFault): readonly string[] {
  const column = line.before + at + 1;
  return [
    `${line.file === null ? '' : `${line.file}:`}${line.line}:${column}: error: ${message} [${code}]`,
    ...pointed(line.whole.replaceAll(/[\r\n]/g, ' '), column), ...(mend === null ? [] : [`    ${mend}`]),
  ];
}

function usage(message: string, mend: string): VerbError {
  return new VerbError(exitCodes.usage, message, mend);
}
