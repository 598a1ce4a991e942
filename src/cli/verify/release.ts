import { nodeCrypto } from '../../verify/index.ts';
import { verifyRelease } from '../../verify/release.ts';
import type { AddVerb } from '../verb.ts';
import { openingOf } from './opened.ts';
import { fileText, trustOf, withTrust, type TrustOptions } from './trust.ts';
import { exitHelp, verdict } from './verdict.ts';

/** `weir verify release FILE --opening FILE`: that published totals are those of the opened entries. */
export const addRelease: AddVerb = (parent) => {
  withTrust(parent.command('release <file>'))
    .requiredOption('--opening <file>', 'the opening of the entries that were counted')
    .description('that published totals are what the opened entries make')
    .addHelpText('after', `${exitHelp}\n\nExample:\n  weir verify release wa-october.json --opening wa-october-opening.json --policy trust.txt`)
    .action(verdict(async (options: TrustOptions & { readonly opening: string }, file: string) => {
      const { release } = await verifyRelease(nodeCrypto, await trustOf(options), await fileText(file), await openingOf(options.opening));
      const { owner, origin, period, decisions, others, unopened } = release;
      return {
        text: [
          `GOOD  ${owner}, ${period.from} to ${period.to}: the totals are those of the opened entries of ${origin}`,
          `${String(decisions)} decisions, ${String(others)} other entries, ${String(release.cells.length)} cells`,
          `not opened ${JSON.stringify(unopened)}`,
        ].join('\n'),
        json: { ok: true, owner, origin, period, decisions, others, unopened, cells: release.cells.length },
      };
    }));
};
