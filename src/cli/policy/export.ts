import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalPolicy, printPolicy, proofWorlds, type Claim, type PolicyDocument, type ProofWorld } from '../../policy/index.ts';
import { cedarPolicies } from '../../policy/export/cedar.ts';
import { cedarSchema } from '../../policy/export/cedarSchema.ts';
import { smtlibClaim } from '../../policy/export/smtlib.ts';
import { readPolicy } from '../../store/policies.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { noPolicy, ownerOf, soundFile, soundStored } from './file.ts';
import { documentWords } from './show.ts';

interface Options extends CommonOptions {
  readonly file?: string;
  readonly as?: string;
  readonly claim?: string;
  readonly world?: string;
  readonly on?: string;
  readonly out?: string;
}

/** One file of an export. */
interface Exported {
  readonly name: string;
  readonly text: string;
}

const formats = ['cedar', 'cedar-schema', 'smtlib', 'json', 'yaml', 'sentences'] as const;
type Format = (typeof formats)[number];

/** `weir policy export`: the policy as others read it, so that nobody has to trust the engine that decides by it. */
export const addExport: AddVerb = (parent) => {
  parent.command('export')
    .description('a policy as Cedar, its claims as SMT-LIB, or the document as JSON, YAML or sentences')
    .argument('[owner]', 'two letters, such as WA, for the policy in force')
    .option('--file <file>', 'a policy file instead')
    .option('--as <format>', `${formats.join(', ')}; all of them where it is absent, with --out`)
    .option('--claim <id>', 'only this claim (smtlib)')
    .option('--world <world>', `${proofWorlds.join(' or ')}: only this one (smtlib)`)
    .option('--on <day>', 'as it stands on this day, such as 2026-03-01; else today, or the first day in force where that is later')
    .option('--out <folder>', 'write the files here and print their names')
    .addHelpText('after', [
      '', 'Examples:', '  weir policy export WA --as cedar > wa.cedar', '  weir policy export WA --out wa/', '  weir policy export --file zy.yaml --as smtlib --claim ZY-C1 --world honoured > zy-c1.smt2 && z3 zy-c1.smt2', '',
      'docs/oracles.md says how to read them.',
    ].join('\n'))
    .action(verb(async (options: Options, owner?: string) => {
      const document = await documentOf(options, owner);
      const files = filesOf(document, options);
      if (options.out === undefined) return printed(files);
      await write(options.out, files);
      return { text: files.map(({ name }) => join(options.out ?? '', name)).join('\n'), json: { folder: options.out, files: files.map(({ name }) => name) } };
    }));
};

async function documentOf(options: Options, owner: string | undefined): Promise<PolicyDocument> {
  if ((owner === undefined) === (options.file === undefined)) throw usage('name an owner or --file, one of the two', 'weir policy export WA --as cedar');
  if (options.file !== undefined) return (await soundFile(options.file)).document;
  const wanted = ownerOf(owner ?? '');
  const stored = await withStore(options, ({ sql }) => readPolicy(sql, wanted));
  if (stored === null) throw noPolicy(wanted);
  return soundStored(stored);
}

function filesOf(document: PolicyDocument, options: Options): readonly Exported[] {
  const chosen = options.as === undefined ? formats : [formatOf(options.as)];
  if (options.as === undefined && options.out === undefined) throw usage('say what to print with --as, or where to write everything with --out', `Formats: ${formats.join(', ')}`);
  const at = instantOf(document, options.on);
  return chosen.flatMap((format) => exported(document, format, at, options));
}

function exported(document: PolicyDocument, format: Format, at: Date, options: Options): readonly Exported[] {
  const name = `${document.policy}-${document.version}`;
  switch (format) {
    case 'cedar': return [{ name: `${name}.cedar`, text: cedarPolicies(document, at) }];
    case 'cedar-schema': return [{ name: 'weir.cedarschema', text: cedarSchema() }];
    case 'smtlib': return claimsOf(document, options.claim).flatMap((claim) => worldsOf(options.world).map((world) => ({ name: `${claim.id}-${world}.smt2`, text: smtlibClaim(document, claim, world, at) })));
    case 'json': return [{ name: `${name}.json`, text: `${canonicalPolicy(document)}\n` }];
    case 'yaml': return [{ name: `${name}.yaml`, text: printPolicy(document) }];
    case 'sentences': return [{ name: `${name}.txt`, text: `${documentWords(document).join('\n')}\n` }];
  }
}

function printed(files: readonly Exported[]): { text: string; json: unknown } {
  const [file, ...others] = files;
  if (file === undefined) throw new VerbError(exitCodes.finding, 'the policy has no claim', 'There is nothing to prove, and so nothing to export as SMT-LIB.');
  if (others.length > 0) throw usage('a claim in a world is a file of its own, and there are several', 'Choose one with --claim and --world, or write all of them with --out FOLDER.');
  return { text: file.text.trimEnd(), json: { file: file.name, text: file.text } };
}

async function write(folder: string, files: readonly Exported[]): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    for (const { name, text } of files) await writeFile(join(folder, name), text);
  } catch (cause) {
    throw new VerbError(exitCodes.environment, `the folder ${folder} cannot be written`, 'See that it can be made and that you may write there.', { cause });
  }
}

function formatOf(text: string): Format {
  const found = formats.find((one) => one === text);
  if (found !== undefined) return found;
  throw usage(`\`${text.slice(0, 40)}\` is not a format`, `Use one of: ${formats.join(', ')}`);
}

function claimsOf(document: PolicyDocument, id: string | undefined): readonly Claim[] {
  if (id === undefined) return document.claims;
  const found = document.claims.filter((claim) => claim.id.toLowerCase() === id.toLowerCase());
  if (found.length > 0) return found;
  throw new VerbError(exitCodes.finding, `${document.policy} has no claim \`${id.slice(0, 40)}\``, document.claims.length === 0 ? 'It has no claims at all.' : `Its claims: ${document.claims.map((claim) => claim.id).join(', ')}`);
}

function worldsOf(text: string | undefined): readonly ProofWorld[] {
  if (text === undefined) return proofWorlds;
  const found = proofWorlds.filter((world) => world === text);
  if (found.length > 0) return found;
  throw usage(`\`${text.slice(0, 40)}\` is not a world`, `Use one of: ${proofWorlds.join(', ')}`);
}

/** Noon of the day, UTC. A policy that is not in force yet is shown as on its first day: before that there is nothing to show. */
function instantOf(document: PolicyDocument, day: string | undefined): Date {
  const today = new Date().toISOString().slice(0, 10);
  const at = new Date(`${day ?? (document.effective > today ? document.effective : today)}T12:00:00Z`);
  if (day === undefined || (/^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day))) return at;
  throw usage(`\`${day.slice(0, 20)}\` is not a day`, 'Write it as 2026-03-01.');
}

function usage(message: string, mend: string): VerbError {
  return new VerbError(exitCodes.usage, message, mend);
}
