import { RetentionError } from './errors.ts';

/** For how many days an owner's entries are kept after the day on which they were made. */
export interface Retention {
  readonly otherDays: number;
  readonly disclosureDays: number;
}

/** As the settings file has it: by owner, and `default` for the others. */
export type RetentionSettings = Readonly<Record<string, { readonly otherDays?: number | undefined; readonly disclosureDays?: number | undefined }>>;

/** CJIS asks for a year of any log, and five years is what states ask for disclosures: 1,827 days have each leap day that five years can have. */
export const defaultRetention: Retention = { otherDays: 400, disclosureDays: 1_827 };
/** A leap year. Nothing is kept for less. */
export const shortestRetention = 366;

/** What holds for one owner. Throws `RETENTION_SHORT`, with the owner and the setting, where it is less than a year. */
export function retentionOf(settings: RetentionSettings, owner: string): Retention {
  const chosen = { ...defaultRetention };
  for (const source of [settings['default'], settings[owner]]) {
    for (const name of ['otherDays', 'disclosureDays'] as const) {
      const days = source?.[name];
      if (days === undefined) continue;
      if (!Number.isSafeInteger(days) || days < shortestRetention) {
        throw new RetentionError('RETENTION_SHORT', `ledger.retention.${source === settings[owner] ? owner : 'default'}.${name} is ${days}; nothing is kept for less than ${shortestRetention} days`);
      }
      chosen[name] = days;
    }
  }
  return chosen;
}
