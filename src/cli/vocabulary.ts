import {
  affiliationKinds, answerStatuses, auditStatuses, certifications, components, courtClasses, criminalJustice, dataClasses, departments, edgeGrades, evidenceGrades,
  inferenceEdges, integrityConstraints, jurisdictions, levels, messageKeys, missions, outcomes, programs287g, purposes, queryKinds, sharedOri, taskForceKinds,
  treatments, vendorHosted, type Word,
} from '../vocabulary/index.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from './verb.ts';

/** Every closed list, by the name that policies use where they use it. */
const lists: Readonly<Record<string, Readonly<Record<string, Word>>>> = {
  data: dataClasses, for: purposes, warrant: evidenceGrades, court: courtClasses, query: queryKinds, treat: treatments, outcome: outcomes, status: answerStatuses,
  level: levels, department: departments, component: components, mission: missions, program287g: programs287g, taskForce: taskForceKinds, certified: certifications,
  audit: auditStatuses, criminalJustice, sharedOri, vendorHosted, via: affiliationKinds, edgeGrade: edgeGrades, key: messageKeys,
  homeState: Object.fromEntries(Object.entries(jurisdictions).map(([code, plain]) => [code, { plain, source: 'ANSI INCITS 38' }])),
  inference: Object.fromEntries(inferenceEdges.map((edge) => [`${edge.from} gives ${edge.gives}`, { plain: edge.because, source: 'Weir' }])),
  constraints: Object.fromEntries(integrityConstraints.map(({ id, plain }) => [id, { plain, source: 'Weir' }])),
};

/** `weir vocabulary [WORD]`: the words of policies and messages. */
export const addVocabulary: AddVerb = (parent) => {
  parent.command('vocabulary')
    .description('the words that policies and messages use, each with its meaning and source')
    .argument('[word]', 'a word, such as courtConfirmed, or the name of a list, such as mission')
    .addHelpText('after', `\nLists: ${Object.keys(lists).join(', ')}\n\nExamples:\n  weir vocabulary mission\n  weir vocabulary courtConfirmed`)
    .action(verb((_options: CommonOptions, word: string | undefined) => {
      const found = matching(word);
      if (found.length === 0) throw new VerbError(exitCodes.finding, `\`${(word ?? '').slice(0, 40)}\` is not in the vocabulary`, `The lists are ${Object.keys(lists).join(', ')}.`);
      return {
        text: found.map(({ list, words }) => [`${list}:`, ...words.map(([name, { plain, source }]) => `  ${name.padEnd(24)}${plain}  (${source})`)].join('\n')).join('\n\n'),
        json: Object.fromEntries(found.map(({ list, words }) => [list, Object.fromEntries(words.map(([name, { plain, source }]) => [name, { plain, source }]))])),
      };
    }));
};

function matching(word: string | undefined): { list: string; words: [string, Word][] }[] {
  const all = Object.entries(lists).map(([list, words]) => ({ list, words: Object.entries(words) }));
  if (word === undefined) return all;
  const same = (name: string): boolean => name.toLowerCase() === word.toLowerCase();
  const whole = all.filter(({ list }) => same(list));
  if (whole.length > 0) return whole;
  return all.map(({ list, words }) => ({ list, words: words.filter(([name]) => same(name)) })).filter(({ words }) => words.length > 0);
}
