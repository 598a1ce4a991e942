import { userInfo } from 'node:os';
import { checkPolicy } from '../../policy/index.ts';
import { activatePolicy, PolicyStoreError } from '../../store/policies.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { soundFile } from './file.ts';
import { findingLines } from './findingLines.ts';

interface Options extends CommonOptions {
  readonly author?: string;
  readonly dryRun?: boolean;
}

export const addActivate: AddVerb = (parent) => {
  parent.command('activate')
    .description('check a policy and put it in force; running exchanges follow at once')
    .argument('<file>', 'a policy as YAML or JSON, with a version above the last')
    .option('--author <name>', 'who changes it; else the name of the user of this machine')
    .option('--dry-run', 'check only')
    .addHelpText('after', '\nExample:\n  weir policy activate wa.yaml --author "privacy office"')
    .action(verb(async (options: Options, file: string) => {
      const { text, document } = await soundFile(file);
      const result = checkPolicy(text);
      const warnings = findingLines(file, text, result.findings.filter(({ severity }) => severity === 'warning'));
      const name = `version ${document.version} of ${document.policy}`;
      if (options.dryRun === true) return { text: [...warnings, `Sound: ${name}. Nothing was changed.`].join('\n'), json: { owner: document.policy, version: document.version, changed: false, dryRun: true } };
      const author = options.author ?? userInfo().username;
      try {
        const done = await withStore(options, ({ sql }) => activatePolicy(sql, text, { author, at: new Date() }));
        const line = done.changed ? `Activated ${name}, in force from ${done.effective}. Hash ${done.hash}.` : `Nothing to do: ${name} is this very document.`;
        return { text: [...warnings, line].join('\n'), json: { ...done } };
      } catch (error) {
        if (!(error instanceof PolicyStoreError)) throw error;
        const mend = error.code === 'POLICY_VERSION' ? 'Write a higher `version:` into the file.' : `See: weir policy check ${file}`;
        throw new VerbError(exitCodes.finding, error.message, mend, { cause: error });
      }
    }));
};
