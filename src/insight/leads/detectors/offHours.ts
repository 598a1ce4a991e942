import { count } from '../../../vocabulary/counts.ts';
import { falseDiscoveryLimit } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import type { Ground, Units } from '../ground.ts';
import { judgeShares, ofPersons, peerShares, peersWeigh, total, type Judged } from '../shares.ts';
import { stretchCondition, stretchWords, worstStretches, type Stretch } from '../windows.ts';
import { percent, sqlTag } from '../words.ts';
import { parts } from '../zones.ts';

const least = 15;
/** Where one in ten of an agency's users works then as a habit, so may another. */
const quietUsers = 0.9;
const othersAtLeast = 3;
/** Of the questions of all others, too, hardly any may come then: a port of entry has few at night, but somebody on duty. */
const atMost = { night: 0.08, outside: 0.2 } as const;
const steadyAtMost = 25;

/** A user who asks at hours at which the agency is otherwise quiet. */
export const offHours: Detector = {
  kind: 'offHours',
  title: 'Off-hours',
  test: `At agencies of whose other users at least ${percent(quietUsers)} hardly ever ask then (and at most ${percent(atMost.night)} or ${percent(atMost.outside)} of all they ask), the share of a user's questions at night (22 to 6, local time), and outside working hours (Monday to Friday, 7 to 19), is compared with that of others, over the period and by one or two months (beta-binomial; corrected for the number of months).`,
  minimum: `${least} such questions, four in ten of the user's, and ${othersAtLeast} other users; where an agency has fewer, those of agencies of its level with the same task stand in`,
  control: `False discovery rate ${falseShare} over all users of such agencies (Benjamini and Hochberg).`,
  needs: ['user'],
  sees: (units) => ({ known: total(ofPersons(units, units.n)), what: 'who asked' }),
  find: async (ground) => {
    const units = await ground.units();
    const persons = ofPersons(units, units.n);
    const sides: { readonly what: string; readonly condition: string; readonly most: number; readonly k: Int32Array; readonly judged: Judged; readonly stretches: ReadonlyMap<number, Stretch> }[] = [];
    for (const { what, k, most, condition } of [
      { what: 'at night, from 22 to 6 local time', k: units.night, most: atMost.night, condition: `part = ${parts.night}` },
      { what: 'outside working hours, local time', k: units.outside, most: atMost.outside, condition: `part <> ${parts.work}` },
    ]) {
      const shares = { office: units.office, k, n: persons, only: quietOf(ground, units, k, most) };
      const judged = judgeShares(ground, shares, least, steadyAtMost, peersWeigh.little);
      sides.push({ what, condition, most, k, judged, stretches: await worstStretches(ground, units, shares, judged, { kind: `h.${condition}`, counts: 'true' }, least) });
    }
    const looked = sides.reduce((sum, { judged }) => sum + judged.looked, 0);
    const limit = falseDiscoveryLimit(sides.flatMap(({ stretches }) => [...stretches.values()].map(({ lnP }) => lnP)), looked, falseShare);
    const best = new Map<number, Finding>();
    for (const { what, k, most, judged, condition, stretches } of sides) {
      for (const [u, stretch] of stretches) {
        const [found, of, usual] = [stretch.k, stretch.n, judged.expected[u] ?? 0];
        if (found < least || found < 0.4 * of || usual > 1.25 * most || stretch.lnP > limit || stretch.lnP >= (best.get(u)?.lnP ?? 0)) continue;
        const office = units.office[u] ?? 0;
        best.set(u, {
          office, user: units.user[u] ?? 0n, subject: null, matter: '', lnP: stretch.lnP, harm: 3,
          seen: `Of ${count(of)} questions of this user${stretchWords(stretch)}, ${count(found)} came ${what} (${percent(found / of)}).`,
          baseline: { text: `Of those of others at this agency and ones like it, ${percent(usual)} do.`, value: usual },
          peers: peerShares(ground, { office: units.office, k, n: persons }, office, least),
          innocent: ['The user was on a late shift, on call or in another time zone.', 'The agency changed its hours.', 'A machine sends what was collected during the day.'],
          condition: `office = ${office} AND "user" = ${sqlTag(units.user[u] ?? 0n)} AND ${condition}${stretchCondition(stretch)}`,
        });
      }
    }
    return { findings: [...best.values()], looked };
  },
};

/** Whether nearly all other users of a unit's agency hardly ever ask at such hours: it is then no shift of the agency. */
function quietOf({ offices }: Ground, units: Units, k: Int32Array, most: number): (unit: number) => boolean {
  const alike = (o: number): string => `${offices[o]?.attributes.level ?? ''} ${[...offices[o]?.attributes.mission ?? []].sort().join(' ')}`;
  const [own, same] = [new Map<number, Habit>(), new Map<string, Habit>()];
  const habitOf = (u: number): Habit => {
    const [found, n] = [k[u] ?? 0, units.n[u] ?? 0];
    if (units.user[u] === 0n || n < 4) return { users: 0, awake: 0, k: 0, n: 0 };
    return { users: 1, awake: found > 0.25 * n ? 1 : 0, k: found, n };
  };
  for (let u = 0; u < units.length; u += 1) {
    const o = units.office[u] ?? 0;
    own.set(o, plus(own.get(o) ?? nothing, habitOf(u), 1));
    same.set(alike(o), plus(same.get(alike(o)) ?? nothing, habitOf(u), 1));
  }
  const quiet = (habit: Habit, users: number, awake: number): boolean => habit.users >= users && habit.awake <= awake * habit.users && habit.k <= most * habit.n;
  return (u) => {
    if (units.user[u] === 0n) return false;
    const o = units.office[u] ?? 0;
    const others = plus(own.get(o) ?? nothing, habitOf(u), -1);
    if (others.users >= othersAtLeast) return quiet(others, othersAtLeast, 1 - quietUsers);
    // Where the few others are all quiet, it is enough that most of their peers are.
    return quiet(others, 0, 0) && quiet(plus(same.get(alike(o)) ?? nothing, habitOf(u), -1), 20, others.users > 0 ? 0.25 : 1 - quietUsers);
  };
}

interface Habit {
  readonly users: number;
  /** Of whom more than a quarter of the questions come at such hours. */
  readonly awake: number;
  readonly k: number;
  readonly n: number;
}

const nothing: Habit = { users: 0, awake: 0, k: 0, n: 0 };

function plus(a: Habit, b: Habit, times: 1 | -1): Habit {
  return { users: a.users + times * b.users, awake: a.awake + times * b.awake, k: a.k + times * b.k, n: a.n + times * b.n };
}
