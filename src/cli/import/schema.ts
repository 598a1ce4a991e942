import { mappingSchema } from '../../insight/imports/index.ts';
import { verb, type AddVerb } from '../verb.ts';

/** `weir import schema`. */
export const addImportSchema: AddVerb = (parent) => {
  parent.command('schema')
    .description('the JSON Schema of mapping files, for editors that check YAML')
    .addHelpText('after', '\nExample:\n  weir import schema > log-mapping.schema.json')
    .action(verb(() => ({ text: JSON.stringify(mappingSchema, null, 2), json: mappingSchema })));
};
