import { writeFile } from 'node:fs/promises';
import { checkPolicy, isTableOf, TableError, type PolicyTable } from '../../policy/index.ts';
import { latestTable, readTable } from '../../store/policyTables.ts';
import type { Sql } from '../../store/index.ts';
import { listPolicies, readPolicy } from '../../store/policies.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { noPolicy, ownerOf } from './file.ts';

interface Options extends CommonOptions {
  readonly out?: string;
  readonly verify?: boolean;
}

/** `weir policy compiled`: the bytes that decide, and whether they are what the compiler makes of the policy. */
export const addCompiled: AddVerb = (parent) => {
  parent.command('compiled')
    .description('the compiled table that decides: its hash, its size, its bytes')
    .argument('<table>', 'an owner, for the table in force, or the hash of a table as it stands in an entry')
    .option('--out <file>', 'write the bytes to a file')
    .option('--verify', 'compile the policy again and compare byte for byte')
    .addHelpText('after', '\nExamples:\n  weir policy compiled WA\n  weir policy compiled WA --verify\n  weir policy compiled 3f5c… --out table.json\n\nExit code 1 where --verify finds a difference.')
    .action(verb(async (options: Options, what: string) => withStore(options, async ({ sql }) => {
      const table = await find(sql, what);
      if (options.out !== undefined) await writeFile(options.out, table.text);
      const same = options.verify === true ? await isSame(sql, table) : null;
      const facts = {
        owner: table.owner, hash: table.hash, policyVersion: table.policyVersion, policyHash: table.policyHash, from: day(table.from), before: day(table.before), bytes: Buffer.byteLength(table.text),
        atoms: table.atoms.length, contexts: table.space.size, rules: table.rules.length, classes: table.compiledClasses, verified: same,
      };
      const lines = [
        `table    ${facts.hash}`,
        `policy   ${facts.owner} version ${facts.policyVersion}, hash ${facts.policyHash}`,
        `days     from ${facts.from ?? 'the beginning'}${facts.before === null ? ', open' : ` up to and without ${facts.before}`}`,
        `size     ${facts.bytes} bytes: ${facts.rules} rules, ${facts.atoms} questions about the asker, ${facts.classes} classes of agencies, ${facts.contexts} contexts`,
        ...(same === null ? [] : [same ? 'The policy compiles to these very bytes.' : 'The policy does NOT compile to these bytes.']),
        ...(options.out === undefined ? [] : [`Written to ${options.out}.`]),
      ];
      return { text: lines.join('\n'), json: facts, exit: same === false ? exitCodes.finding : exitCodes.ok };
    })));
};

async function find(sql: Sql, what: string): Promise<PolicyTable> {
  if (/^[0-9a-fA-F]{64}$/.test(what)) {
    const table = await readTable(sql, what.toLowerCase()).catch((cause: unknown) => {
      throw cause instanceof TableError ? new VerbError(exitCodes.finding, cause.message, 'Whoever can write to the database can have changed it; restore it from a copy.', { cause }) : cause;
    });
    if (table !== null) return table;
    throw new VerbError(exitCodes.finding, 'no table with this hash is kept here', 'See the hash in an entry: weir journal show <index>');
  }
  const owner = ownerOf(what);
  const stored = await readPolicy(sql, owner);
  if (stored === null) throw noPolicy(owner);
  const table = await latestTable(sql, owner, stored.hash, Date.now());
  if (table !== null) return table;
  throw new VerbError(exitCodes.finding, `no exchange has compiled version ${stored.version} of ${owner} yet`, 'It is compiled when an exchange takes it up: weir start');
}

async function isSame(sql: Sql, table: PolicyTable): Promise<boolean> {
  const versions = await listPolicies(sql, table.owner);
  const version = versions.find(({ hash }) => hash === table.policyHash);
  const stored = version === undefined ? null : await readPolicy(sql, table.owner, version.version);
  const checked = stored === null ? null : checkPolicy(stored.text);
  if (checked?.ok !== true) throw new VerbError(exitCodes.finding, 'the policy of this table is not kept here, or is damaged', 'See: weir policy list');
  return isTableOf(table.text, checked.document);
}

function day(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString().slice(0, 10);
}
