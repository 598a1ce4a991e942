import { policySchema } from '../../policy/index.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';

export const addSchema: AddVerb = (parent) => {
  parent.command('schema')
    .description('print the JSON Schema of policy documents, for an editor')
    .addHelpText('after', '\nExample:\n  weir policy schema > policy.schema.json\n  # then, as the first line of a policy:\n  # yaml-language-server: $schema=policy.schema.json')
    .action(verb((_options: CommonOptions) => {
      const schema = policySchema();
      return { text: JSON.stringify(schema, null, 2), json: schema };
    }));
};
