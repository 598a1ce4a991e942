import { falseDiscoveryLimit } from '../odds.ts';
import { falseShare, type Detector, type Finding } from '../finding.ts';
import type { Ground, Units } from '../ground.ts';
import { judgeShares, ofPersons, peerShares, peersWeigh, total } from '../shares.ts';
import { count, percent, sqlTag } from '../words.ts';
import { parts } from '../zones.ts';

const least = 10;
/** Where one in ten of an agency's users works then as a habit, so may another. */
const quietUsers = 0.9;
const othersAtLeast = 3;
const steadyAtMost = 25;

/** A user who asks at hours at which the agency is otherwise quiet. */
export const offHours: Detector = {
  kind: 'offHours',
  title: 'Off-hours',
  test: `At agencies of whose other users at least ${percent(quietUsers)} hardly ever ask then, the share of a user's questions at night (22 to 6, local time), and outside working hours (Monday to Friday, 7 to 19), is compared with that of others (beta-binomial).`,
  minimum: `${least} such questions, four in ten of the user's, and ${othersAtLeast} other users; where an agency has fewer, those of agencies of its level with the same task stand in`,
  control: `False discovery rate ${falseShare} over all users of such agencies (Benjamini and Hochberg).`,
  needs: ['user'],
  sees: (units) => ({ known: total(ofPersons(units, units.n)), what: 'who asked' }),
  find: async (ground) => {
    const units = await ground.units();
    const persons = ofPersons(units, units.n);
    const sides = [
      { what: 'at night, from 22 to 6 local time', k: units.night, condition: `part = ${parts.night}` },
      { what: 'outside working hours, local time', k: units.outside, condition: `part <> ${parts.work}` },
    ].map((side) => {
      const only = quietOf(ground, units, side.k);
      return { ...side, judged: judgeShares(ground, { office: units.office, k: side.k, n: persons, only }, least, steadyAtMost, peersWeigh.little) };
    });
    const looked = sides.reduce((sum, { judged }) => sum + judged.looked, 0);
    const limit = falseDiscoveryLimit(sides.flatMap(({ judged }) => [...judged.lnP].filter((value) => value < 0)), looked, falseShare);
    const best = new Map<number, Finding>();
    for (const { what, k, judged, condition } of sides) {
      for (let u = 0; u < units.length; u += 1) {
        const [found, of, usual, lnP] = [k[u] ?? 0, persons[u] ?? 0, judged.expected[u] ?? 0, judged.lnP[u] ?? 0];
        if (of < least || found < least || found < 0.4 * of || lnP > limit || lnP >= (best.get(u)?.lnP ?? 0)) continue;
        const office = units.office[u] ?? 0;
        best.set(u, {
          office, user: units.user[u] ?? 0n, subject: null, matter: '', lnP, harm: 3,
          seen: `Of ${count(of)} questions of this user, ${count(found)} came ${what} (${percent(found / of)}).`,
          baseline: { text: `Of those of others at this agency and ones like it, ${percent(usual)} do.`, value: usual },
          peers: peerShares(ground, { office: units.office, k, n: persons }, office, least),
          innocent: ['The user was on a late shift, on call or in another time zone.', 'The agency changed its hours.', 'A machine sends what was collected during the day.'],
          condition: `office = ${office} AND "user" = ${sqlTag(units.user[u] ?? 0n)} AND ${condition}`,
        });
      }
    }
    return { findings: [...best.values()], looked };
  },
};

/** Whether nearly all other users of a unit's agency hardly ever ask at such hours: it is then no shift of the agency. */
function quietOf({ offices }: Ground, units: Units, k: Int32Array): (unit: number) => boolean {
  const alike = (o: number): string => `${offices[o]?.attributes.level ?? ''} ${[...offices[o]?.attributes.mission ?? []].sort().join(' ')}`;
  const [own, same] = [new Map<number, Habit>(), new Map<string, Habit>()];
  const awake = (u: number): number => (k[u] ?? 0) > 0.25 * (units.n[u] ?? 0) ? 1 : 0;
  const counts = (u: number): boolean => units.user[u] !== 0n && (units.n[u] ?? 0) >= 4;
  for (let u = 0; u < units.length; u += 1) {
    if (!counts(u)) continue;
    const o = units.office[u] ?? 0;
    for (const [map, key] of [[own, o], [same, alike(o)]] as const) {
      const habit = (map as Map<unknown, Habit>).get(key) ?? { users: 0, awake: 0 };
      (map as Map<unknown, Habit>).set(key, { users: habit.users + 1, awake: habit.awake + awake(u) });
    }
  }
  return (u) => {
    if (units.user[u] === 0n) return false;
    const o = units.office[u] ?? 0;
    const without = (habit: Habit | undefined): Habit => ({ users: (habit?.users ?? 0) - (counts(u) ? 1 : 0), awake: (habit?.awake ?? 0) - (counts(u) ? awake(u) : 0) });
    const others = without(own.get(o));
    const stand = others.users >= othersAtLeast ? others : without(same.get(alike(o)));
    return stand.users >= (stand === others ? othersAtLeast : 20) && stand.awake <= (1 - quietUsers) * stand.users;
  };
}

interface Habit {
  readonly users: number;
  /** Of whom more than a quarter of the questions come at such hours. */
  readonly awake: number;
}
