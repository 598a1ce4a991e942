import { diffContent, diffWords, emptyContent, latestVersion, readContent, sizeOfDiff } from '../../registry/index.ts';
import { verb, type AddVerb, type CommonOptions, type VerbResult } from '../verb.ts';
import { readVersion, withRegistry } from './withRegistry.ts';

interface DiffOptions extends CommonOptions {
  readonly all?: boolean;
}

/** `weir registry diff [A] [B]`: what changed from version A to version B. Version 0 is the empty registry. */
export const addDiff: AddVerb = (parent) => {
  parent.command('diff')
    .description('what changed between two versions')
    .argument('[from]', 'the earlier version (the one before the later)')
    .argument('[to]', 'the later version (the newest)')
    .option('--all', 'list every row, not the first 20 of each kind')
    .addHelpText('after', '\nExamples:\n  weir registry diff            what the last change did\n  weir registry diff 3 5 --all\n  weir registry diff 3 --json | jq .affiliations.added')
    .action(verb(diff));
};

async function diff(options: DiffOptions, fromText?: string, toText?: string): Promise<VerbResult> {
  const from = fromText === undefined || fromText === '0' ? null : readVersion(fromText);
  const to = toText === undefined ? null : readVersion(toText);
  return await withRegistry(options, async (sql) => {
    const after = to ?? (await latestVersion(sql))?.version ?? 0;
    const before = fromText === undefined ? Math.max(0, after - 1) : (from ?? 0);
    const old = before === 0 ? emptyContent : await readContent(sql, before);
    const next = after === 0 ? emptyContent : await readContent(sql, after);
    const found = diffContent(old, next);
    return { text: `version ${before} to ${after}\n${diffWords(found, options.all === true ? Number.MAX_SAFE_INTEGER : 20)}`, json: { from: before, to: after, changes: sizeOfDiff(found), ...found } };
  });
}
