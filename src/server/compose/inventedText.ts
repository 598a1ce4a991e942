import type { Duties } from '../../duties/types.ts';
import type { OpenAccounts } from '../../people/accounts/index.ts';
import type { Persona } from '../gate/deps.ts';

/** What agencies of the demonstration sign to New York each year. The words are ours; those of the real form are not copied. */
const newYorksText = `I certify for my agency, to the State of New York, under penalty of perjury:

1. My agency will not use a record or information of New York's Department of Motor Vehicles for the civil enforcement of immigration law.
2. My agency will not pass such a record or information on to an agency that mainly enforces immigration law, or to anybody of it, unless a judge's warrant or order, or the law of New York, requires it.
3. Whoever of my agency can ask for these records has been told of this, and my agency keeps a list of them.
4. My agency keeps a note of every request for five years: who asked, when, and for which case.
5. I will tell New York within three days when any of this is no longer true.

This holds for one year. It may be revoked at any time, and what is not true in it may be punished as perjury.`;

/**
 * Sees to it that New York's official of the demonstration has set the text that agencies sign, so that a coordinator sees what is to be signed. What stands there already, whoever set it, stays.
 */
export async function inventCertificationText(duties: Duties, accounts: Pick<OpenAccounts, 'account'>, personas: readonly Persona[]): Promise<void> {
  const official = personas.find(({ name }) => name === 'Nora Quist');
  const account = official === undefined ? null : await accounts.account(official.account);
  if (account === null || (await duties.certificationTexts('NY')).length > 0) return;
  await duties.setCertificationText('NY', { certification: 'noCivilImmigrationUse', text: newYorksText, validDays: 365, remindDays: [60, 30, 7], perjury: true }, { account: account.account, person: account.person, name: account.name, role: 'ownerOfficial' });
}
