import {
  allDataClasses, courtClasses, dataClasses, evidenceGrades, isNameOf, purposes, queryKinds, type DataClass, type RequesterAttributes, type Words,
} from '../../vocabulary/index.ts';
import type { DecisionInput } from '../../model/index.ts';
import { tableFor, windowOf, type PolicyDocument } from '../../policy/index.ts';
import { dataWords } from '../../proof/differenceWords.ts';
import { ask, whatIfLines } from '../../proof/whatIf.ts';
import { openRegistry } from '../../registry/index.ts';
import type { Sql } from '../../store/index.ts';
import { usedCounters } from '../../store/limits.ts';
import { readPolicy } from '../../store/policies.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { readAttributes } from './attributes.ts';
import { noPolicy, ownerOf, soundFile, soundStored } from './file.ts';

interface Options extends CommonOptions {
  readonly owner?: string;
  readonly file?: string;
  readonly as?: string;
  readonly attributes?: string;
  readonly class: string;
  readonly purpose: string;
  readonly warrant: string;
  readonly court: string;
  readonly case: string;
  readonly query: string;
  readonly usedUp?: string;
}

/** Whose rules decide, who asks, and which limits are used up. */
interface Parts {
  readonly document: PolicyDocument;
  readonly requester: RequesterAttributes;
  readonly used: readonly string[];
}

export const addAsk: AddVerb = (parent) => {
  parent.command('ask')
    .description('may this agency have these classes of data, and what would change it? By the rules alone: no record is read and nothing is recorded')
    .option('--owner <owner>', 'whose policy: the one in force')
    .option('--file <file>', 'a policy file instead')
    .option('--as <ori>', 'the agency that asks, from the registry')
    .option('--attributes <file>', 'the attributes of the asker as YAML or JSON instead; what is absent is undeclared')
    .option('--class <classes>', 'classes of data, with commas; all where it is absent', 'all')
    .option('--purpose <purpose>', 'why', 'notStated')
    .option('--warrant <grade>', 'how well a warrant is backed', 'none')
    .option('--court <class>', 'who signed it', 'notStated')
    .option('--case <grade>', 'how well a case number is backed', 'none')
    .option('--query <kind>', 'lookup, nameSearch or plateSearch', 'lookup')
    .option('--used-up <limits>', 'ids of limits to take as used up, with commas; with --owner and --as, those that are used up now count too')
    .addHelpText('after', '\nExamples:\n  weir policy ask --owner WA --as WA0170000 --class photo --purpose officerSafety\n  weir policy ask --file wa.yaml --attributes ice.yaml --class photo,address --warrant courtConfirmed --court articleThree')
    .action(verb(async (options: Options) => {
      const question = { purpose: word(purposes, options.purpose, 'a purpose'), evidence: evidenceOf(options), kind: word(queryKinds, options.query, 'a kind of query'), classes: classesOf(options.class) };
      const now = new Date();
      const { document, requester, used } = await parts(options, now);
      const at = Math.max(now.getTime(), Date.parse(document.effective));
      const input: DecisionInput = { ...question, requester };
      const limitsUsed = [...new Set([...used, ...limitsOf(options.usedUp, document)])];
      const { decision, reasons, changes } = ask(tableFor(document, { at, known: [requester] }), document, input, { limitsUsed });
      const duties = decision.duties.map(({ rule, who }) => `Rule ${rule}: the ${who === 'subject' ? 'person' : 'owner'} will be told.`);
      const later = at > now.getTime() ? [`On ${document.effective}, the first day of this version:`, ''] : [];
      const ifs = changes.length === 0 ? [] : ['', 'What would change it', ...whatIfLines(changes, dataWords).map((line) => `  ${line}`)];
      return { text: [...later, ...reasons, ...duties, ...ifs].join('\n'), json: { decision, reasons, changes, limitsUsed, input } };
    }));
};

async function parts(options: Options, at: Date): Promise<Parts> {
  if ((options.owner === undefined) === (options.file === undefined)) throw usage('name one of --owner and --file', 'Whose rules decide: weir policy ask --owner WA …');
  if ((options.as === undefined) === (options.attributes === undefined)) throw usage('name one of --as and --attributes', 'Who asks: weir policy ask --as WA0170000 …');
  const fromFile = options.file === undefined ? null : (await soundFile(options.file)).document;
  const given = options.attributes === undefined ? null : await readAttributes(options.attributes);
  if (fromFile !== null && given !== null) return { document: fromFile, requester: given, used: [] };
  return withStore(options, async ({ sql }) => {
    const document = fromFile ?? await stored(sql, ownerOf(options.owner ?? ''));
    if (given !== null) return { document, requester: given, used: [] };
    const { attributes, organisation } = await registered(sql, options.as ?? '', document.policy, at);
    return { document, requester: attributes, used: fromFile === null ? await usedUp(sql, document, organisation, at) : [] };
  });
}

/** The limits that this organisation, or all together, have used up in the window that is open now. */
async function usedUp(sql: Sql, { policy, limits }: PolicyDocument, organisation: string, at: Date): Promise<readonly string[]> {
  if (limits.length === 0) return [];
  const counters = await usedCounters(sql, policy, at);
  return limits.filter(({ id, per, max }) => counters.some(({ rule, key, window, used }) =>
    rule === id && key === (per === 'agency' ? organisation : '*') && window === windowOf(max.per, at.getTime()).name && used >= max.count)).map(({ id }) => id);
}

function limitsOf(text: string | undefined, { policy, limits }: PolicyDocument): readonly string[] {
  const ids = (text ?? '').split(',').map((one) => one.trim()).filter((one) => one !== '');
  const unknown = ids.find((one) => !limits.some(({ id }) => id === one));
  if (unknown === undefined) return ids;
  throw usage(`\`${unknown.slice(0, 40)}\` is not a limit of ${policy}`, limits.length === 0 ? 'This policy has no limits.' : `Its limits: ${limits.map(({ id }) => id).join(', ')}`);
}

async function stored(sql: Sql, owner: string): Promise<PolicyDocument> {
  const found = await readPolicy(sql, owner);
  if (found === null) throw noPolicy(owner);
  return soundStored(found);
}

async function registered(sql: Sql, text: string, owner: string, at: Date): Promise<{ readonly attributes: RequesterAttributes; readonly organisation: string }> {
  const ori = text.trim().toUpperCase();
  if (!/^[0-9A-Z]{9}$/.test(ori)) throw usage(`\`${text.slice(0, 20)}\` is not an ORI`, 'An ORI is nine letters or digits, such as WA0170000.');
  const registry = await openRegistry(sql);
  try {
    const requester = registry.current().requester(ori);
    if (requester === null) throw new VerbError(exitCodes.finding, `the registry does not know ${ori}`, 'An exchange would not answer it at all.');
    return { attributes: requester.attributes(owner, at), organisation: requester.organisation };
  } finally {
    await registry.close();
  }
}

function evidenceOf(options: Options): DecisionInput['evidence'] {
  return {
    warrant: word(evidenceGrades, options.warrant, 'a grade of evidence'), court: word(courtClasses, options.court, 'a class of court'),
    caseNumber: word(evidenceGrades, options.case, 'a grade of evidence'),
  };
}

function classesOf(text: string): readonly DataClass[] {
  if (text === 'all') return allDataClasses;
  return [...new Set(text.split(',').map((one) => word(dataClasses, one.trim(), 'a class of data')))];
}

function word<Name extends string>(words: Words<Name>, text: string, what: string): Name {
  if (isNameOf(words, text)) return text;
  throw usage(`\`${text.slice(0, 40)}\` is not ${what}`, `Use one of: ${Object.keys(words).join(', ')}`);
}

function usage(message: string, mend: string): VerbError {
  return new VerbError(exitCodes.usage, message, mend);
}
