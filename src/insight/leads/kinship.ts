import { affiliationKinds } from '../../vocabulary/index.ts';
import type { Body } from './bodies.ts';
import type { Ground } from './ground.ts';

/** Says of two bodies (places in the list) why they are close, in words; null where they are not: the same department, or an edge of the registry between any of their parts. */
export function kinship({ world, offices }: Ground, bodies: readonly Body[]): (one: number, other: number) => string | null {
  const bodyOf = new Map<string, number>();
  bodies.forEach((body, b) => { for (const place of body.offices) bodyOf.set(offices[place]?.organisation ?? '', b); });
  const { nodes, edges } = world.network();
  const ties = new Map<string, string>();
  for (const { kind, from, to } of edges) {
    const [a, b] = [bodyOf.get(nodes[from]?.id ?? ''), bodyOf.get(nodes[to]?.id ?? '')];
    if (a === undefined || b === undefined || a === b) continue;
    const key = a < b ? `${a} ${b}` : `${b} ${a}`;
    if (!ties.has(key)) ties.set(key, affiliationKinds[kind].plain);
  }
  return (one, other) => {
    const department = bodies[one]?.department ?? null;
    if (department !== null && department === bodies[other]?.department) return 'of the same department';
    return ties.get(one < other ? `${one} ${other}` : `${other} ${one}`) ?? null;
  };
}
