import { ownersOf, readMapping } from '../../sources/index.ts';
import { yamlProblemLine } from '../../yaml/read.ts';
import { exitCodes, verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { mappingText } from './mappingText.ts';

export const addCheck: AddVerb = (parent) => {
  parent.command('check')
    .description('read a mapping file and say what is wrong, line by line; connects to nothing')
    .argument('<file>', 'the mapping file')
    .addHelpText('after', '\nExample:\n  weir source check weir-data/sources/wa.yaml\n\nExit codes: 0 nothing is wrong, 1 something is, 2 the file cannot be read.')
    .action(verb(async (_options: CommonOptions, file: string) => {
      const reading = readMapping(await mappingText(file));
      if (!reading.ok) return { text: reading.problems.map(problem => yamlProblemLine(file, problem)).join('\n'), json: { ok: false, problems: reading.problems }, exit: exitCodes.finding };
      const { mapping } = reading;
      const owners = ownersOf(mapping);
      const parts = (['driver', 'history', 'vehicle'] as const).filter(part => mapping[part] !== undefined);
      const what = mapping.dialect === 'http' ? 'a service over HTTP' : `${mapping.dialect}, mapping ${parts.join(', ')}`;
      return {
        text: `${file}: nothing is wrong. ${owners.length === 1 ? String(owners[0]) : `${owners.length} owners`}; ${what}; connection \`${mapping.connection}\`.`,
        json: { ok: true, owners, dialect: mapping.dialect, connection: mapping.connection, parts },
      };
    }));
};
