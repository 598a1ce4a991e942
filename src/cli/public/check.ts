import { attack, recovered } from '../../insight/release/index.ts';
import { checkSite } from '../../publish/index.ts';
import { weirVersion } from '../../store/index.ts';
import { RewrittenLine } from '../rewrittenLine.ts';
import { exitCodes, verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { inWords } from './faults.ts';

interface Options extends CommonOptions {
  readonly attack?: boolean;
}

/** `weir public check`: whether a site is what was approved, and tells no hidden number. Needs no ledger and no database. */
export const addCheck: AddVerb = (parent) => {
  parent.command('check')
    .description('check a public site: hashes, sums, versions, and that no small number stands in it or can be worked out')
    .argument('<site>', 'the folder of the site')
    .option('--no-attack', 'do not try to work out hidden numbers, which takes most of the time')
    .addHelpText('after', '\nExit code 1: something was found.\n\nExamples:\n  weir public check site/\n  weir public check site/ --no-attack --json')
    .action(verb(async (options: Options, site: string) => {
      const { releases, findings, ...counts } = await inWords(() => checkSite(site, weirVersion()));
      const line = new RewrittenLine(process.stderr, options.quiet === true);
      const told = options.attack === false || findings.length > 0 ? [] : await attack(releases, { progress: (done, total) => { line.show(() => `trying to work out hidden numbers: ${done} of ${total}`); } }).finally(() => { line.end(); });
      const thresholds = new Map(releases.map(({ version, threshold }) => [version, threshold]));
      const worked = [...thresholds].flatMap(([version, threshold]) => recovered(told.filter((one) => one.version === version), threshold));
      // Where it stands is said, and not what it is: a report of a leak is no second leak.
      const all = [...findings, ...worked.map(({ version, place }) => `version ${version}: the hidden number at ${place} can be worked out`)];
      return {
        text: [
          ...all.map((finding) => `  ${finding}`),
          `${releases.length} ${releases.length === 1 ? 'version' : 'versions'}, ${counts.files} files, ${counts.shown} numbers shown, ${counts.hidden} hidden. ${all.length === 0 ? `All is as approved${told.length > 0 ? `, and none of ${told.length} hidden numbers can be worked out` : ''}.` : `${all.length} ${all.length === 1 ? 'finding' : 'findings'}.`}`,
          ...(options.attack === false ? ['Whether hidden numbers can be worked out was not tried.'] : []),
        ].join('\n'),
        json: { site, versions: releases.length, ...counts, attacked: told.length, findings: all }, exit: all.length === 0 ? exitCodes.ok : exitCodes.finding,
      };
    }));
};
