import { ruleWords, windowOf, type LimitRule, type PolicyDocument } from '../../policy/index.ts';
import { usedCounters, type UsedCounter } from '../../store/limits.ts';
import { readPolicy } from '../../store/policies.ts';
import { withStore } from '../store.ts';
import { verb, type AddVerb, type CommonOptions } from '../verb.ts';
import { noPolicy, ownerOf, soundStored } from './file.ts';

interface Options extends CommonOptions {
  readonly all?: boolean;
}

/** One limit with its counters of the window that is open now. */
interface LimitUse {
  readonly id: string;
  readonly words: string;
  readonly inForce: boolean;
  readonly per: LimitRule['per'];
  readonly window: string;
  readonly endsAt: string;
  readonly max: number;
  readonly beyond: LimitRule['beyond'];
  /** Whoever used most stands first. `organisation` is `*` where all are counted together. */
  readonly counters: readonly { readonly organisation: string; readonly used: number; readonly usedUp: boolean }[];
}

export const addLimits: AddVerb = (parent) => {
  parent.command('limits')
    .description('how far each volume limit of an owner is used now')
    .argument('<owner>', 'two letters, such as WA')
    .option('--all', 'every organisation, and not only the twenty that used most')
    .addHelpText('after', '\nExamples:\n  weir policy limits WA\n  weir policy limits WA --all --json')
    .action(verb(async (options: Options, text: string) => {
      const owner = ownerOf(text);
      const now = new Date();
      const [stored, used] = await withStore(options, ({ sql }) => Promise.all([readPolicy(sql, owner), usedCounters(sql, owner, now)]));
      if (stored === null) throw noPolicy(owner);
      const limits = usesOf(soundStored(stored), used, now);
      const lines = limits.flatMap((one) => linesOf(one, options.all === true));
      return { text: lines.length === 0 ? `Version ${stored.version} of the policy of ${owner} has no limits.` : lines.join('\n'), json: { owner, version: stored.version, limits } };
    }));
};

function usesOf(document: PolicyDocument, used: readonly UsedCounter[], now: Date): LimitUse[] {
  const today = now.toISOString().slice(0, 10);
  return document.limits.map((limit) => {
    const { name: window, endsAt } = windowOf(limit.max.per, now.getTime());
    const max = limit.max.count;
    return {
      id: limit.id,
      words: ruleWords(document, limit.id),
      inForce: (limit.effective ?? today) <= today && today <= (limit.expires ?? today),
      per: limit.per,
      window,
      endsAt: new Date(endsAt).toISOString(),
      max,
      beyond: limit.beyond,
      counters: used.filter((one) => one.rule === limit.id && one.window === window).map((one) => ({ organisation: one.key, used: one.used, usedUp: one.used >= max })),
    };
  });
}

function linesOf({ id, words, inForce, per, window, endsAt, max, counters }: LimitUse, all: boolean): string[] {
  const shown = all ? counters : counters.slice(0, 20);
  const width = String(max).length;
  return [
    `${id}  ${words}${inForce ? '' : ' (not in force today)'}`,
    `    in ${window}, until ${endsAt.slice(0, 16)}Z:${counters.length === 0 ? ` 0 of ${max}${per === 'agency' ? ' by every organisation' : ''}` : ''}`,
    ...shown.map(({ organisation, used, usedUp }) => `    ${String(used).padStart(width)} of ${max}  ${organisation === '*' ? 'all together' : organisation === '?' ? 'organisations that the registry does not know' : organisation}${usedUp ? '  used up' : ''}`),
    ...(counters.length > shown.length ? [`    and ${counters.length - shown.length} more organisations: --all`] : []),
  ];
}
