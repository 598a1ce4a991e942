import type { CheckResult, Severity } from '../../policy/index.ts';
import { exitCodes, verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { checkFile } from './file.ts';
import { findingLines } from './findingLines.ts';

export const addCheck: AddVerb = (parent) => {
  parent.command('check')
    .description('check policy files, without a server or a database')
    .argument('<file...>', 'policies as YAML or JSON')
    .addHelpText('after', '\nExit code 1 where a file has an error; warnings and notices do not count. docs/policy.md explains every code.\n\nExample:\n  weir policy check wa.yaml')
    .action(verb(async (_options: CommonOptions, files: string[]) => {
      const checked = await Promise.all(files.map(async (file) => ({ file, ...await checkFile(file) })));
      return {
        text: checked.flatMap(({ file, text, result }) => [...findingLines(file, text, result.findings), summary(file, result)]).join('\n'),
        json: { files: checked.map(({ file, result }) => ({ file, ok: result.ok, ...facts(result), findings: result.findings })) },
        exit: checked.every(({ result }) => result.ok) ? exitCodes.ok : exitCodes.finding,
      };
    }));
};

function summary(file: string, result: CheckResult): string {
  const counts = (['error', 'warning', 'notice'] as const).map((severity) => count(result, severity)).join(', ');
  if (!result.ok) return `${file}: not sound: ${counts}`;
  const { document, hash } = result;
  return `${file}: sound: ${document.policy} version ${document.version}, ${document.rules.length} rules, hash ${hash.slice(0, 12)}…: ${counts}`;
}

function count(result: CheckResult, severity: Severity): string {
  const found = result.findings.filter((one) => one.severity === severity).length;
  return `${found === 0 ? 'no' : found} ${severity}${found === 1 ? '' : 's'}`;
}

function facts(result: CheckResult): object {
  return result.ok ? { owner: result.document.policy, version: result.document.version, hash: result.hash } : {};
}
