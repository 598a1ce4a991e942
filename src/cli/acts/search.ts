import { createHash } from 'node:crypto';

import { noOwner, readActQuery, searchActs, type ActFacet, type ActQuery, type FoundAct } from '../../people/acts/index.ts';
import type { Sql } from '../../store/index.ts';
import { listPolicies } from '../../store/policies.ts';
import { allJurisdictions } from '../../vocabulary/index.ts';
import { withStore } from '../store.ts';
import { exitCodes, verb, VerbError, type AddVerb, type CommonOptions } from '../verb.ts';
import { onRecord } from './onRecord.ts';

interface Options extends CommonOptions {
  readonly owner: string;
  readonly why: string;
  readonly after?: string;
}

export const addSearch: AddVerb = (parent) => {
  parent.command('search')
    .description('acts about the records of an owner, the newest first; that you searched is itself on the record')
    .argument('[query...]', 'who: act: about: outcome: role: created:2026-03-01..2026-03-31, and -act:… for what must not be; all of them where it is left out')
    .requiredOption('--owner <state>', 'whose acts; 00 for the exchange\'s own')
    .requiredOption('--why <text>', 'what it is for; kept sealed on the record')
    .option('--after <cursor>', 'the older acts, as the page before gave it')
    .addHelpText('after', '\nWhat people wrote stays sealed. Put -- before a query that begins with a minus.\n\nExamples:\n  weir acts search act:heldOpened created:2026-03-01..2026-03-31 --owner WA --why "Question of the auditor, 2026-14"\n  weir acts search --owner WA --why "Drill" -- -outcome:done')
    .action(verb(async ({ owner: given, why, after, ...options }: Options, words: readonly string[]) => {
      const owner = actsOwner(given);
      const { query, text } = queryOf(words);
      const reason = reasonOf(why);
      return await withStore(options, async ({ sql, folder }) => {
        await mustBeThere(sql, owner);
        await onRecord(sql, folder, [{ act: 'actsSearched', owner: owner === noOwner ? null : owner, hash: createHash('sha256').update(text).digest('hex'), words: { query: text, why: reason } }]);
        const page = await searchActs(sql, { owner }, query, after ?? null);
        const head = page.acts.length === 0 ? 'No act fits.' : `${page.atLeast ? 'at least ' : ''}${page.total} ${page.total === 1 ? 'act' : 'acts'} from here on; ${facetText(page.facets.outcome)}`;
        return { text: [head, ...page.acts.map(lineOf), ...(page.next === null ? [] : [`Older: --after ${page.next}`])].join('\n'), json: page };
      });
    }));
};

/** An owner whose acts are read, or the exchange's own log. */
export function actsOwner(text: string): string {
  const owner = text.trim().toUpperCase();
  if (!/^(?:[A-Z]{2}|00)$/.test(owner)) throw new VerbError(exitCodes.usage, 'the owner is two letters', 'Such as --owner WA; 00 is the exchange\'s own log.');
  return owner;
}

/** Refuses an owner that is no state and has no policy: of those there can be no act, and to say that none fits would mislead whoever mistyped. */
export async function mustBeThere(sql: Sql, owner: string): Promise<void> {
  if (owner === noOwner || allJurisdictions.some((one) => one === owner) || (await listPolicies(sql, owner)).length > 0) return;
  throw new VerbError(exitCodes.usage, `there is no owner ${owner}`, 'Give the two letters of a state, such as --owner WA; 00 is the exchange\'s own log.');
}

/** A query as it is typed, in one word or several. */
export function queryOf(words: readonly string[]): { readonly query: ActQuery; readonly text: string } {
  const read = readActQuery(words.join(' '));
  if (!read.ok) throw new VerbError(exitCodes.usage, `${read.word === '' ? 'the search' : `\`${read.word.slice(0, 60)}\``} is not understood`, `${read.why.charAt(0).toUpperCase()}${read.why.slice(1)}.`);
  return read;
}

/** Why somebody reads, in words that can be read years later. */
export function reasonOf(text: string): string {
  const reason = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  if (reason === '' || reason.length > 500) throw new VerbError(exitCodes.usage, 'it is not said what it is for', 'Give --why with 1 to 500 letters, digits and signs.');
  return reason;
}

function lineOf({ at, who, role, act, on, result }: FoundAct): string {
  return `${at}  ${result === 'done' ? '' : `${result.toUpperCase()} `}${act}  ${who}${role === null ? '' : ` (${role})`}${on === null ? '' : `  ${on}`}`;
}

function facetText(facets: readonly ActFacet[]): string {
  return facets.map(({ value, count }) => `${count} ${value}`).join(', ');
}
