import type { Logger } from 'pino';
import { missedChanges } from '../../approvals/index.ts';
import { missedAccounts, missedPapers, takeOverMissed, type Missed } from '../../people/missed/index.ts';
import type { Sql } from '../../store/index.ts';
import type { JournalReader } from '../../store/journalReader.ts';
import { listPolicies, noteMissedPolicies } from '../../store/policies.ts';

/** What cannot come back, in the words of whoever has to enter it again. By act or event. */
const toEnter: Readonly<Record<string, readonly [one: string, many: string]>> = {
  accountMade: ['account made', 'accounts made'], roleGiven: ['role given', 'roles given'], invitationUsed: ['account taken up', 'accounts taken up'], tokenMade: ['token made', 'tokens made'], directoryMade: ['directory connected', 'directories connected'],
  passwordChanged: ['password changed', 'passwords changed'], factorAdded: ['passkey added', 'passkeys added'], draftSaved: ['draft saved', 'drafts saved'], proposed: ['change proposed', 'changes proposed'],
  ruleSet: ['rule of approval set', 'rules of approval set'], emergencyBegun: ['emergency change begun', 'emergency changes begun'],
  agencyEnrolled: ['certificate enrolled', 'certificates enrolled'], orderConfirmed: ['court order confirmed or withdrawn', 'court orders confirmed or withdrawn'], registryActivated: ['registry imported', 'registries imported'], policyActivated: ['policy activated', 'policies activated'],
};

/** What was ended once more. Several words of acts are one thing to a person. */
const ended: readonly (readonly [words: readonly string[], one: string, many: string])[] = [
  [['accountDisabled', 'accountIdle', 'leaverRemoved'], 'account disabled', 'accounts disabled'], [['roleTaken'], 'role taken away', 'roles taken away'], [['tokenRevoked'], 'token revoked', 'tokens revoked'],
  [['directoryRevoked'], 'directory disconnected', 'directories disconnected'], [['lockedOut'], 'account locked', 'accounts locked'], [['passwordChanged', 'factorRemoved', 'invitationUsed'], 'account without its old factors', 'accounts without their old factors'],
  [['signedOut', 'sessionEnded', 'screenLocked', 'freshSignIn'], 'session ended', 'sessions ended'], [['invitationMade'], 'old invitation ended', 'old invitations ended'], [['credentialRevoked'], 'certificate revoked', 'certificates revoked'],
  [['orderConfirmed'], 'court order ended', 'court orders ended'], [['proposalWithdrawn', 'rejected', 'returned', 'lapsed'], 'proposal closed', 'proposals closed'], [['delegated', 'emergencyEnded'], 'deputy or emergency change ended', 'deputies and emergency changes ended'],
];

/** What was found at a start, and the lines for whoever started it; none where nothing is wrong. */
export interface MissedAtStart {
  readonly missed: Missed;
  readonly lines: readonly string[];
}

/**
 * Before anybody is let in: does again what ended somebody's rights and is not known to this database, because it is from before, sees to it that no policy older than a lost one decides, and says what has to be entered again by hand. `log` has it too, as a warning: a start
 * by a machine prints nothing.
 */
export async function meetTheLedger(sql: Sql, journal: JournalReader, { say, log }: { readonly say: (line: string) => void; readonly log: Logger }): Promise<MissedAtStart> {
  const missed = await takeOverMissed(sql, journal, [missedAccounts, missedPapers, missedChanges], Object.keys(toEnter));
  if (missed.policies.size > 0) await noteMissedPolicies(sql, missed.policies);
  const lines = missedLines(missed, missed.policies.size > 0 ? await newestVersions(sql) : new Map());
  for (const line of lines) say(line);
  if (lines.length > 0) {
    log.warn({ since: missed.since, found: Object.fromEntries(missed.found), doneAgain: Object.fromEntries(missed.done) }, missed.isNew ? 'the database is new, and the ledger is not' : 'the database is older than the ledger');
  }
  return { missed, lines };
}

/** In words of a person on call. `versions`: the newest version of each owner's policy that the database has. */
export function missedLines(missed: Missed, versions: ReadonlyMap<string, number>): readonly string[] {
  const { isNew, entries, since, found, done } = missed;
  const policies = [...missed.policies].filter(([owner, { version }]) => version > (versions.get(owner) ?? 0));
  const sum = (counts: ReadonlyMap<string, number>, words: readonly string[]): number => words.reduce((all, word) => all + (counts.get(word) ?? 0), 0);
  const again = ended.flatMap(([words, one, many]) => counted(sum(done, words), one, many));
  const gone = Object.entries(toEnter).flatMap(([word, [one, many]]) => counted(found.get(word) ?? 0, one, many));
  const older = policies.map(([owner, { version, hash }]) => `${owner} version ${version} (${hash.slice(0, 16)})`);
  if (!isNew && again.length === 0 && gone.length === 0) return [];
  return [
    isNew ? `THE DATABASE IS NEW, AND THE LEDGER HAS ${entries.toLocaleString('en-US')} ENTRIES: the database was lost, or another one is named.`
      : `THE DATABASE IS OLDER THAN THE LEDGER: it does not have what was changed since ${since ?? ''}.`,
    ...(isNew ? [
      '  By themselves come back: held requests with their deadlines and tickets, verdicts, late answers, rotas, duties, acts, counters of limits.',
      '  Not: accounts and roles, the registry, certificates of agencies, court orders, directories, drafts and proposals, requests of residents.',
    ] : []),
    ...(again.length === 0 ? [] : [`  Done again from the ledger: ${again.join(', ')}.`]),
    ...(gone.length === 0 ? [] : [`  In the ledger, and not in the database: ${gone.join(', ')}.`]),
    ...(older.length === 0 ? [] : [`  Policies that the ledger has and the database has not: ${older.join(', ')}. Until they, or later ones, are activated everything is refused for these owners, from the first day of the lost one on.`]),
    isNew ? '  First: weir registry import, weir policy activate, then weir person add "NAME" --login LOGIN --email ADDRESS --owner STATE --role ownerOfficial'
      : `  First: weir person list, and weir acts search created:${(since ?? '').slice(0, 10)}.. --owner 00 --why "the database was brought back"`,
    '  The rest, in order: docs/operations.md, "When the database is lost".',
  ];
}

function counted(n: number, one: string, many: string): readonly string[] {
  return n === 0 ? [] : [`${n.toLocaleString('en-US')} ${n === 1 ? one : many}`];
}

async function newestVersions(sql: Sql): Promise<ReadonlyMap<string, number>> {
  const versions = new Map<string, number>();
  for (const { owner, version } of await listPolicies(sql)) versions.set(owner, Math.max(version, versions.get(owner) ?? 0));
  return versions;
}
