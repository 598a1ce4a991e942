import { ReleaseError } from './errors.ts';
import { agrees, Covered, exposed, type Line } from './proof.ts';
import { Solver, solverEngine } from './solver.ts';
import { protect, show, type System, type Variable } from './system.ts';

export interface SuppressOptions {
  /** From 0 up to 1: which of several numbers is hidden where any would do, so that the choice tells nothing. Never published. */
  readonly random?: () => number;
  readonly progress?: (done: number, total: number) => void;
}

/** What keeps the hidden numbers hidden. */
export interface Suppressed {
  /** The proof: `exposed(system, lines)` is empty. */
  readonly lines: readonly Line[];
  readonly small: number;
  readonly protects: number;
}

/**
 * Hides further numbers in `system`, of the new release only, until each hidden one may be any of the values that its label names, for a reader who knows
 * all releases, all sums and all labels. For each hidden number a linear program looks for another table that agrees with everything published, and in which
 * that number is 1, or the threshold; what had to move for it and stood open is hidden. At the end the proof is checked apart from all this.
 * Throws `RELEASE_UNSAFE` with the place that cannot be kept.
 */
export async function suppress(system: System, { random = Math.random, progress = () => undefined }: SuppressOptions = {}): Promise<Suppressed> {
  const losses = system.variables.map((variable) => (couldBeHidden(variable) ? (variable.loss ?? 0) * (1 + random()) : null));
  const solver = new Solver(await solverEngine(), system, losses, random);
  const lines = cover(system, solver, random, progress);
  const kept = showAgain(system, lines);
  const failing = exposed(system, kept);
  if (failing[0] !== undefined) throw new UnsafeError(failing[0]);
  const count = (state: Variable['state']): number => [...new Set(system.places.values())].filter((which) => system.variables[which]?.state === state).length;
  return { lines: kept, small: count('small'), protects: count('protects') };
}

/** `position` can be worked out, whatever else is hidden. */
export class UnsafeError extends ReleaseError {
  readonly position: string;

  constructor(position: string) {
    super('RELEASE_UNSAFE', `the number at \`${position}\` could be worked out, whatever else is hidden`);
    this.position = position;
  }
}

/** What an earlier release showed cannot be hidden any more. */
function couldBeHidden({ state, settled, loss }: Variable): boolean {
  return state === 'shown' && !settled && loss !== null;
}

/** First what must be able to have each of some values: that makes most of the others uncertain as well. */
function cover(system: System, solver: Solver, random: () => number, progress: (done: number, total: number) => void): Line[] {
  const covered = new Covered(system);
  const lines: Line[] = [];
  const first = shuffled(system.variables.flatMap(({ state, must }, which) => (state === 'protects' || must !== null ? [which] : [])), random);
  const later: number[] = [];
  let done = 0;
  for (let which = first.pop() ?? later.pop(); which !== undefined; which = first.pop() ?? later.pop()) {
    progress(done, done + first.length + later.length + 1);
    if (system.variables[which]?.must === null && first.length > 0) later.push(which);
    else {
      while (covered.missing(which).length > 0) first.push(...further(system, solver, covered, lines, which));
      done += 1;
    }
  }
  return lines;
}

/** One more line for `which`; gives what has to be hidden for it. */
function further(system: System, solver: Solver, covered: Covered, lines: Line[], which: number): readonly number[] {
  const several = (one: number): boolean => system.variables[one]?.must === null && covered.missing(one).length > 0;
  const missing = covered.missing(which);
  // Of some values each is needed, and the way to the farthest passes, as a rule, by those between; of several, whichever can be reached.
  for (const value of several(which) ? missing : missing.slice(0, 1)) {
    const line = solver.reach(which, value, several(which) ? several : () => false);
    if (line === null) continue;
    const moved = [...line.variables].filter((one) => mustBeHidden(system.variables[one], line, one));
    for (const one of moved) { const variable = system.variables[one]; if (variable !== undefined) protect(variable, system.threshold); }
    if (!agrees(system, line, (variable) => variable.state !== 'shown')) break;
    lines.push(line);
    covered.add(line);
    return moved;
  }
  throw new UnsafeError(system.variables[which]?.position ?? '');
}

/** What moved though it was shown, or beyond what its label says. */
function mustBeHidden(variable: Variable | undefined, { variables, steps, times }: Line, which: number): boolean {
  if (variable === undefined || variable.settled) return false;
  const end = variable.value + (steps[variables.indexOf(which)] ?? 0) * times;
  return variable.state === 'shown' || end < variable.low || end > variable.high;
}

/** Shows again what was hidden early and is not needed in the end, the greatest loss first. */
function showAgain(system: System, lines: readonly Line[]): readonly Line[] {
  const kept = new Set(lines);
  const covered = new Covered(system, lines);
  const through = new Map<number, Line[]>();
  for (const line of lines) for (const which of line.variables) through.set(which, [...(through.get(which) ?? []), line]);
  const order = system.variables.flatMap((variable, which) => (variable.state === 'protects' && !variable.settled && variable.must === null ? [{ variable, which }] : []))
    .sort((a, b) => (b.variable.loss ?? 0) - (a.variable.loss ?? 0));
  for (const { variable, which } of order) {
    const without = (through.get(which) ?? []).filter((line) => kept.has(line));
    for (const line of without) covered.remove(line);
    variable.state = 'shown';
    const touched = new Set(without.flatMap((line) => [...line.variables]));
    if ([...touched].some((one) => covered.missing(one).length > 0)) {
      variable.state = 'protects';
      for (const line of without) covered.add(line);
    } else {
      show(variable);
      for (const line of without) kept.delete(line);
    }
  }
  return [...kept];
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list.map((one) => ({ one, at: random() })).sort((a, b) => a.at - b.at).map(({ one }) => one);
}
