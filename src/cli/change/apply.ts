import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DraftView, ProposalView } from '../../approvals/types.ts';
import { exitCodes, verb, VerbError, type AddVerb } from '../verb.ts';
import { checkOn, policyFile } from './check.ts';
import { checkLines, waitsWords } from './lines.ts';
import { changesOf, shown, withServer, withServerOptions, type ChangeOptions, type ChangeServer } from './server.ts';

interface Options extends ChangeOptions {
  readonly dryRun?: boolean;
  readonly reason?: string;
  readonly starts?: string;
  readonly ends?: string;
  readonly again?: boolean;
}

/** What became of one file. */
interface Applied {
  readonly file: string;
  readonly owner: string;
  readonly version: number;
  readonly hash: string;
  /** `inForce`, `waits`: nothing was to be done. `decided`: it was returned, rejected or withdrawn before. `notAllowed`: the checks did not pass. `would`: it was a dry run. */
  readonly outcome: 'inForce' | 'waits' | 'decided' | 'notAllowed' | 'proposed' | 'would';
  readonly proposal: string | null;
  readonly lines: readonly string[];
}

/** `weir change apply FILE|DIR`. */
export const addApply: AddVerb = (parent) => {
  withServerOptions(parent.command('apply'))
    .description('propose each policy file that is not in force; others approve it, and nothing is activated by it')
    .argument('<file|dir>', 'a policy file, or a folder of them, one for each owner')
    .option('--reason <text>', 'why, for those who decide on it and for the record')
    .option('--starts <instant>', 'when it is to come into force, RFC 3339; with the last approval unless told')
    .option('--ends <instant>', 'when it ends by itself, RFC 3339')
    .option('--again', 'propose it though the same text was returned, rejected or withdrawn before')
    .option('--dry-run', 'check only')
    .addHelpText('after', `
May be called as often as you like: what is in force, or waits already, is left as it is. Each file is known by the hash of its canonical form, so that comments
and order of keys make no difference. Exit code 1 where a file may not be proposed, or was decided against before.

Examples:
  weir change apply policies/ --reason "$(git log -1 --format=%B)" --server https://weir.example.org --token-file token.txt
  weir change apply wa.yaml --dry-run`)
    .action(verb(async (options: Options, place: string) => {
      if (options.dryRun !== true && (options.reason ?? '').trim() === '') throw new VerbError(exitCodes.usage, 'a proposal needs a reason', 'Give --reason "…", such as the message of the commit.');
      const files = await filesIn(place);
      const policies: (Policy & { readonly file: string })[] = [];
      for (const file of files) policies.push({ file, ...await policyFile(file) });
      const twice = policies.find(({ owner }, at) => policies.findIndex((one) => one.owner === owner) !== at);
      if (twice !== undefined) throw new VerbError(exitCodes.usage, `two files are policies of ${twice.owner}`, 'Keep one file for each owner.');
      return await withServer(options, async (server) => {
        const applied: Applied[] = [];
        for (const policy of policies) applied.push({ ...policy, ...await applyOne(server, policy, options) });
        const bad = applied.some(({ outcome }) => outcome === 'notAllowed' || outcome === 'decided');
        return {
          text: applied.flatMap(({ file, owner, version, lines }) => [`${file}: version ${version} of ${owner}`, ...lines.map((line) => `  ${shown(line)}`)]).join('\n'),
          json: applied.map(({ file, owner, version, hash, outcome, proposal }) => ({ file, owner, version, hash, outcome, proposal })), exit: bad ? exitCodes.finding : exitCodes.ok,
        };
      });
    }));
};

type Policy = Awaited<ReturnType<typeof policyFile>>;

async function applyOne(server: ChangeServer, { owner, text, version, hash }: Policy, options: Options): Promise<Pick<Applied, 'outcome' | 'proposal' | 'lines'>> {
  const changes = changesOf(owner);
  const { proposals } = await server.ask<{ readonly proposals: readonly ProposalView[] }>('GET', `${changes}/proposals`);
  const same = proposals.filter((one) => one.hash === hash);
  const standing = same.find(({ state }) => state === 'inForce' || state === 'open' || state === 'approved' || state === 'scheduled');
  if (standing?.state === 'inForce') return { outcome: 'inForce', proposal: standing.id, lines: ['in force: nothing to do'] };
  if (standing !== undefined) return { outcome: 'waits', proposal: standing.id, lines: [`proposed already: ${standing.id}, ${standing.state === 'open' ? waitsWords(standing) : `${standing.state} from ${standing.startsAt ?? 'now'}`}`] };
  const against = same.find(({ state }) => state === 'returned' || state === 'rejected' || state === 'withdrawn');
  if (against !== undefined && options.again !== true) {
    const why = against.approvals.at(-1);
    return { outcome: 'decided', proposal: against.id, lines: [`this very text was ${against.state} before: ${against.id}${why === undefined ? '' : `, ${why.name}: ${why.reason}`}`, 'Change the policy, or give --again.'] };
  }
  const { draft, checks } = await checkOn(server, owner, text, `version ${version}, from a file`, options.dryRun !== true);
  const kept = options.dryRun !== true && checks.ok;
  if (checks.base?.hash === hash) {
    if (kept) await drop(server, owner, draft);
    return { outcome: 'inForce', proposal: null, lines: ['in force: nothing to do'] };
  }
  if (!checks.ok) return { outcome: 'notAllowed', proposal: null, lines: checkLines(checks) };
  if (!kept) return { outcome: 'would', proposal: null, lines: [...checkLines(checks), 'It would be proposed.'] };
  try {
    const made = await server.ask<ProposalView>('POST', `${changes}/proposals`, { kind: 'policy', draft: draft.id, etag: draft.etag, reason: options.reason ?? '', startsAt: options.starts ?? null, endsAt: options.ends ?? null });
    return { outcome: 'proposed', proposal: made.id, lines: [...checkLines(checks), `Proposed: ${made.id}, ${waitsWords(made)}.`] };
  } catch (error) {
    await drop(server, owner, draft);
    throw error;
  }
}

/** A draft that is of no use any more; that it stays is no fault. */
async function drop(server: ChangeServer, owner: string, { id }: DraftView): Promise<void> {
  await server.ask('DELETE', `${changesOf(owner)}/drafts/${id}`).catch(() => undefined);
}

async function filesIn(place: string): Promise<readonly string[]> {
  const facts = await stat(place).catch((cause: unknown) => { throw new VerbError(exitCodes.usage, `${place} cannot be read`, 'Name a policy file, or a folder of them.', { cause }); });
  if (!facts.isDirectory()) return [place];
  const names = (await readdir(place)).filter((name) => /\.ya?ml$/.test(name)).sort();
  if (names.length === 0) throw new VerbError(exitCodes.usage, `there is no policy file in ${place}`, 'Policy files end in .yaml.');
  return names.map((name) => join(place, name));
}
