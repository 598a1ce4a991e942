import type { Briefing, BriefingBasis } from './types.ts';

/** What every form of a briefing says of where its figures come from, a sentence each. */
export function basisSentences({ period, newest, label, dataset, kind, entries, archivedTo, policy, registry, leftOut }: BriefingBasis): readonly string[] {
  const owners = Object.entries(archivedTo);
  const counted = owners.reduce((all, [, to]) => all + to, 0);
  return [
    `Period: ${period.words}, in UTC.`,
    newest === null ? 'Newest entry: none.' : `Newest entry: ${newest.slice(0, 19).replace('T', ' ')} UTC.`,
    `Made from the data set "${dataset}" (${kindWords[kind]}): ${label.replace(/\.$/, '')}.`,
    entries === null ? (owners.length > 1 ? `Entries on file of ${owners.length} states: ${counted.toLocaleString('en-US')}.` : 'No entries of this period are on file.') : `Entries ${entries.first.toLocaleString('en-US')} to ${entries.last.toLocaleString('en-US')} of the log${owners.length === 1 ? `, which is on file up to ${Math.max(0, counted - 1).toLocaleString('en-US')}` : ''}.`,
    ...(policy === null ? [] : [`Policy in force: version ${policy.version}, ${policy.hash.slice(0, 12)}…`]),
    ...(registry === null ? [] : [`Registry: version ${registry.version}, ${registry.hash.slice(0, 12)}…`]),
    ...leftOut,
  ];
}

/** What is said first, and large, where nothing of it happened. */
export function inventedWords({ invented }: Pick<Briefing, 'invented'>): string | null {
  return invented ? 'Invented. All agencies, people and numbers here are made up to show what a briefing looks like.' : null;
}

const kindWords: Readonly<Record<BriefingBasis['kind'], string>> = { ledger: 'the ledger of this exchange', invented: 'invented', imported: 'imported from a log of another system' };
