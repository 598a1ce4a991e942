import { Command } from 'commander';

import { exitCodes, verb, VerbError, type AddVerb } from './verb.ts';

type Loadable = readonly { readonly name: string; readonly load: () => Promise<AddVerb> }[];

/** The verb that knows all the others. */
export const completionOf = (verbs: Loadable): AddVerb => (parent) => {
  parent.command('completion')
    .description('print a script that completes commands in a shell')
    .argument('<shell>', 'bash or zsh')
    .addHelpText('after', '\nExamples:\n  source <(weir completion bash)\n  source <(weir completion zsh)')
    .action(verb(async (_options, shell: string) => {
      if (shell !== 'bash' && shell !== 'zsh') throw new VerbError(exitCodes.usage, 'the shell is bash or zsh', null);
      const words = await wordsByNoun(verbs);
      const text = shell === 'bash' ? scriptOf(words) : `autoload -U +X bashcompinit && bashcompinit\n${scriptOf(words)}`;
      return { text, json: { words } };
    }));
};

async function wordsByNoun(verbs: Loadable): Promise<Record<string, string[]>> {
  const program = new Command('weir');
  for (const one of verbs) if (one.name !== 'completion') (await one.load())(program);
  return Object.fromEntries(program.commands.map((noun) => [noun.name(), noun.commands.map((child) => child.name())]));
}

function scriptOf(words: Record<string, string[]>): string {
  const cases = Object.entries(words).filter(([, children]) => children.length > 0)
    .map(([noun, children]) => `    ${noun}) words="${children.join(' ')}" ;;`);
  return [
    '_weir() {',
    '  local words=""',
    `  if [ "$COMP_CWORD" -eq 1 ]; then words="${Object.keys(words).join(' ')} --data --json --quiet --help --version"; else case "\${COMP_WORDS[1]}" in`,
    ...cases,
    '  esac; fi',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _weir weir',
  ].join('\n');
}
