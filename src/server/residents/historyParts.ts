import { html, type Html } from '../../drawing/html.ts';
import type { ResidentEvent } from '../../residents/index.ts';
import { table, time } from '../people/parts.ts';
import { roleWords } from '../people/words.ts';

/** Who did what with a request, for its resident: the office by its role and never by a name. Nothing where there is nothing to show. */
export function historyParts(history: readonly ResidentEvent[], stepWords: (id: string) => string): Html | null {
  if (history.length === 0) return null;
  return html`<h2>Who did what with your request</h2>
<p>As it stands on the record, the newest first. “With the number and the secret” is you, or whoever else has both. If a reading was not yours, tell the office.</p>
${table('What was done with your request', ['When', 'What', 'Who'], history.map((event) => [time(event.at), whatWords(event, stepWords), byWords(event)]))}`;
}

const formWords: Readonly<Record<string, string>> = { page: 'as a page', letter: 'as a letter', json: 'as data' };

function whatWords({ what, detail }: ResidentEvent, stepWords: (id: string) => string): string {
  const step = detail === null ? '' : `: ${stepWords(detail)}`;
  switch (what) {
    case 'residentAsked': return 'The request was made';
    case 'opened': return 'What you gave was opened';
    case 'identityStep': return `A step was done${step}`;
    case 'identityProofed': return `The last step was done, and it is confirmed that it is you${step}`;
    case 'identityRefused': return `A step did not confirm that it is you${step}`;
    case 'residentReportMade': return 'The report was made';
    case 'residentReportRead': return `The report was read, ${formWords[detail ?? ''] ?? 'as a page'}`;
    case 'lapsed': return 'The request ended: it was not finished in time';
    default: return what;
  }
}

function byWords({ by, role }: ResidentEvent): string {
  switch (by) {
    case 'holder': return 'with the number and the secret';
    case 'clock': return 'the exchange by itself';
    case 'operator': return 'the operator of the exchange';
    case 'office': return `the office${role === null ? '' : `: ${roleWords(role)}`}`;
  }
}
