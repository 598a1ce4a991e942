import { join } from 'node:path';
import { ownersOf, probeSource, readMapping, SourceFault, SourcesError, type Mapping, type Probe } from '../../sources/index.ts';
import { yamlProblemLine } from '../../yaml/read.ts';
import { readSettings } from '../../server/compose/settings.ts';
import { folderPath } from '../../store/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { mappingText } from './mappingText.ts';

interface Options extends CommonOptions {
  readonly owner: string;
  readonly settings?: string;
}

export const addTest: AddVerb = (parent) => {
  parent.command('test')
    .description('connect to a source, name what is missing in it, and try a look-up of each kind')
    .argument('<file>', 'the mapping file')
    .requiredOption('--owner <state>', 'whose records to look in')
    .option('--settings <file>', 'where connections are named; else settings.yaml of the data folder')
    .addHelpText('after', `
Looks for people and vehicles that nobody is, so no record is read.

Examples:
  weir source test weir-data/sources/wa.yaml --owner WA
  WEIR_CONNECTION_WA_RECORDS=postgres://reader@db.example/records weir source test wa.yaml --owner WA

Exit codes: 0 all is well, 1 something is missing or fails, 2 the file is wrong, 3 the source cannot be reached.`)
    .action(verb(async (options: Options, file: string) => {
      const reading = readMapping(await mappingText(file));
      if (!reading.ok) throw new VerbError(exitCodes.usage, reading.problems.map(problem => yamlProblemLine(file, problem)).join('\n      '), 'Mend the file; `weir source check` reads it without connecting.');
      const owner = options.owner.toUpperCase();
      if (!ownersOf(reading.mapping).includes(owner)) throw new VerbError(exitCodes.usage, `${file} maps no records of \`${owner.slice(0, 20)}\``, `It maps ${ownersOf(reading.mapping).slice(0, 60).join(', ')}.`);
      const probe = await probed(reading.mapping, owner, options);
      const ok = probe.findings.length === 0 && probe.trials.every(trial => ['found', 'none', 'unmapped'].includes(trial.outcome));
      return { text: lines(owner, probe), json: { ok, owner, ...probe }, exit: ok ? exitCodes.ok : exitCodes.finding };
    }));
};

async function probed(mapping: Mapping, owner: string, options: Options): Promise<Probe> {
  const settings = await readSettings(options.settings ?? join(folderPath(options.data), 'settings.yaml'));
  try {
    return await probeSource(mapping, owner, settings.sources ?? {});
  } catch (error) {
    if (error instanceof SourcesError) throw new VerbError(exitCodes.usage, error.message, 'Name the connection under `sources: connections:` in the settings, or in the environment.');
    if (error instanceof SourceFault) throw new VerbError(exitCodes.environment, error.message, 'Check that the address and the password are right and that the source runs.');
    throw error;
  }
}

function lines(owner: string, { findings, trials }: Probe): string {
  return [
    ...findings.map(finding => `missing    ${finding.at}: ${finding.message}`),
    ...trials.map(trial => `${trial.outcome.padEnd(10)} ${owner} by ${trial.kind}, ${trial.milliseconds} ms${trial.message === null ? '' : `: ${trial.message}`}`),
  ].join('\n');
}
