import { faultStatus } from '../wire/index.ts';
import { messageProblems, problems, problemType } from './problems.ts';

/** The two tables of docs/api.md, in Markdown: the problems of the server, and the faults of a message. */
export function problemTables(): readonly [string, string] {
  const own = Object.entries(problems).map(([name, { status, title, mend }]) => `| \`${problemType(name as keyof typeof problems)}\` | ${status} | ${title} | ${mend} |`);
  const faults = Object.entries(messageProblems).map(([code, plain]) => `| \`urn:weir:problem:${code}\` | ${faultStatus[code as keyof typeof messageProblems]} | ${plain} |`);
  return [
    ['| type | status | title | what to do |', '|---|---|---|---|', ...own].join('\n'),
    ['| type | status | meaning |', '|---|---|---|', ...faults].join('\n'),
  ];
}
