import { checkPolicy, printPolicy, type Item, type PolicyDocument } from '../../src/policy/index.ts';
import { adoptTemplate, readTemplate } from '../../src/templates/index.ts';

/** A shipped template as the first version of an owner's policy, word for word. */
export function fromTemplate(name: string, owner: string): string {
  const text = readTemplate(name);
  if (text === null) throw new Error(`there is no template ${name}`);
  return adoptTemplate(text, { owner });
}

/**
 * A shipped template with what the demonstration adds to it. `more` is a policy text: its title stands for the template's, its note comes
 * after the template's, its items after those of the template. `without` names items of the template that are left out.
 */
export function templateWith(name: string, owner: string, more: string, without: readonly string[] = []): string {
  const base = documentOf(fromTemplate(name, owner));
  const added = documentOf(more);
  const join = <I extends Item>(list: (document: PolicyDocument) => readonly I[]): readonly I[] =>
    [...list(base).filter(({ id }) => !without.includes(id)), ...list(added)];
  return printPolicy({
    ...base,
    title: added.title ?? base.title,
    note: [base.note, added.note].filter((note) => note !== null).join(' '),
    rules: join(({ rules }) => rules), onward: join(({ onward }) => onward), limits: join(({ limits }) => limits), notify: join(({ notify }) => notify), claims: join(({ claims }) => claims),
  });
}

function documentOf(text: string): PolicyDocument {
  const result = checkPolicy(text);
  if (result.ok) return result.document;
  throw new Error(`a policy of the demonstration is not sound: ${JSON.stringify(result.findings.filter(({ severity }) => severity === 'error'))}`);
}
