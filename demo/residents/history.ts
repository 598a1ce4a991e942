import type { HistoryEvent } from '../../src/model/index.ts';
import { allJurisdictions, type Jurisdiction } from '../../src/vocabulary/index.ts';
import type { Random } from '../random.ts';
import { dateOf, today } from './days.ts';

/** AAMVA D20 offence codes, in words of ours. */
const offences: readonly (readonly [code: string, text: string])[] = [
  ['S92', 'speeding'], ['S92', 'speeding'], ['S92', 'speeding'], ['S51', 'speeding, 1 to 10 over'], ['M14', 'failure to obey a sign or signal'],
  ['M34', 'following too closely'], ['M42', 'unsafe lane change'], ['M84', 'reckless driving'], ['A21', 'driving under the influence of alcohol'],
  ['B51', 'expired or no licence'], ['D36', 'no insurance'], ['E55', 'no lights'], ['F04', 'seat belt not used'], ['M85', 'texting while driving'],
];

/** What a record holds of the past ten years, oldest first. Two in three people have nothing. A licence that is not valid has a withdrawal. */
export function inventHistory(random: Random, owner: Jurisdiction, firstDay: number, withdrawn: boolean): readonly HistoryEvent[] {
  const x = random.unit();
  const count = x < 0.66 ? 0 : x < 0.85 ? 1 : x < 0.95 ? 2 : random.between(3, 6);
  if (count === 0 && !withdrawn) return [];
  const from = Math.max(firstDay, today - 3650);
  const events: HistoryEvent[] = [];
  for (let i = 0; i < count; i++) {
    const date = dateOf(from + random.below(Math.max(1, today - from)));
    const jurisdiction = random.chance(0.88) ? owner : random.pick(allJurisdictions);
    if (random.chance(0.18)) events.push({ date, kind: 'accident', code: 'ACC', text: random.chance(0.8) ? 'accident, property damage' : 'accident, injury', jurisdiction });
    else {
      const [code, text] = random.pick(offences);
      events.push({ date, kind: 'conviction', code, text, jurisdiction });
    }
  }
  if (withdrawn) events.push({ date: dateOf(today - random.between(10, 300)), kind: 'withdrawal', code: 'W00', text: 'licence suspended', jurisdiction: owner });
  return events.sort((a, b) => (a.date < b.date ? -1 : a.date > b.date ? 1 : 0));
}
