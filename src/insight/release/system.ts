import type { Cell, Position } from '../../publish/index.ts';
import { ReleaseError } from './errors.ts';
import { relationsOf, type Relation } from './relations.ts';
import { countsOf, type TruthTable } from './truth.ts';

/** What one release says, or is about to say. */
export interface Snapshot {
  /** For messages: `version 3`. */
  readonly name: string;
  readonly tables: readonly TruthTable[];
  /** What stands there; null for the release that is being prepared. */
  readonly published: ReadonlyMap<Position, Cell> | null;
}

/** `open`: nothing was published about it. */
export type State = 'shown' | 'small' | 'protects' | 'open';

/** One unknown of the reader: a count at one place, the same one in all releases in which it is the same number. */
export interface Variable {
  readonly position: Position;
  readonly value: number;
  state: State;
  /** What a reader knows without any sum. Infinity where there is no upper bound. */
  low: number;
  high: number;
  /** An earlier release said what it says: it cannot be said otherwise. */
  settled: boolean;
  /** It could be hidden, at this loss. Null: it cannot. */
  loss: number | null;
  /** Where it is hidden, these values at least must remain possible. Null: at least as many values as the threshold, whichever. */
  must: { readonly from: number; readonly to: number } | null;
}

/** A sum over variables. */
export interface Constraint {
  readonly variables: readonly number[];
  readonly factors: readonly number[];
  readonly kind: Relation['kind'];
}

/** Everything that readers of all releases together know, as one linear system over whole numbers. */
export interface System {
  readonly threshold: number;
  readonly variables: readonly Variable[];
  readonly constraints: readonly Constraint[];
  /** Places of the release that is being prepared. */
  readonly places: ReadonlyMap<Position, number>;
}

/**
 * Builds the system: the earlier releases in their order, the new one last. `leftOut` are tables of the new one that are not published.
 * A count that changed between two releases is two unknowns, whose difference is a third: the reader is taken to know that it only grew, or only shrank.
 * Throws `RELEASE_HISTORY` where an earlier release says other than its counts.
 */
export function systemOf(snapshots: readonly Snapshot[], threshold: number, leftOut: (position: Position) => boolean = () => false): System {
  const variables: Variable[] = [];
  const constraints = new Map<string, Constraint>();
  const latest = new Map<Position, number>();
  const add = ({ variables: which, factors, kind }: Constraint): void => {
    const order = which.map((_, place) => place).sort((a, b) => (which[a] ?? 0) - (which[b] ?? 0));
    const sorted = { variables: order.map((place) => which[place] ?? 0), factors: order.map((place) => factors[place] ?? 0), kind };
    constraints.set(`${kind} ${sorted.variables.join(' ')} ${sorted.factors.join(' ')}`, sorted);
  };
  for (const { name, tables, published } of snapshots) {
    for (const [position, value] of tables.flatMap((table) => [...countsOf(table)])) {
      const before = latest.get(position);
      const known = before === undefined ? undefined : variables[before];
      if (known?.value !== value) {
        latest.set(position, variables.push(unknown(position, value)) - 1);
        if (known !== undefined && before !== undefined) add(changed(variables, before, variables.length - 1, threshold));
      }
      const variable = variables[latest.get(position) ?? -1];
      if (variable === undefined) continue;
      if (published !== null) settle(variable, published.get(position), threshold, name);
      else if (!leftOut(position)) open(variable, threshold);
    }
    for (const relation of relationsOf(tables)) {
      const which = relation.terms.map(([position]) => latest.get(position) ?? -1);
      const factors = relation.terms.map(([, factor]) => factor);
      // What is not true of the counts nobody can rely on.
      if (relation.kind === 'zero' || which.reduce((sum, one, place) => sum + (factors[place] ?? 0) * (variables[one]?.value ?? 0), 0) >= 0) add({ variables: which, factors, kind: relation.kind });
    }
  }
  if (variables.some(({ position }) => position.startsWith(changePrefix))) for (const one of variables) one.loss ??= one.position.startsWith(changePrefix) ? null : 100;
  const last = snapshots.at(-1)?.tables.flatMap((table) => [...countsOf(table)].map(([position]) => position)) ?? [];
  const system: System = { threshold, variables, constraints: [...constraints.values()], places: new Map(last.map((position) => [position, latest.get(position) ?? -1])) };
  notBrokenDown(system, snapshots.at(-1)?.tables ?? []);
  return system;
}

/** Hides a number that would protect another: nothing is said of it. */
export function protect(variable: Variable, threshold: number): void {
  variable.state = 'protects';
  variable.low = 0;
  variable.high = Infinity;
  if (variable.value >= 1 && variable.value <= threshold) variable.must ??= { from: 1, to: threshold };
}

/**
 * A small total is not broken down: each part that is labelled as 1 or more would raise it, and each zero would lower the others. So nothing is said of its parts.
 * Where earlier releases labelled parts already, nothing is said of the total, and it needs to be uncertain only above what they tell.
 */
function notBrokenDown({ variables, threshold, places }: System, tables: readonly TruthTable[]): void {
  for (const { terms, total: sums } of relationsOf(tables)) {
    const [total, ...parts] = terms.map(([position]) => variables[places.get(position) ?? -1]).reverse();
    if (!sums || total === undefined || total.value < 1 || total.value > threshold) continue;
    for (const part of parts) if (part !== undefined && !part.settled && part.state !== 'open') protect(part, threshold);
    const least = parts.reduce((sum, part) => sum + (part?.settled === true ? part.low : 0), 0);
    if (least < 2 || total.settled || total.state === 'open') continue;
    protect(total, threshold);
    total.must = { from: Math.max(least, total.must?.from ?? 1), to: threshold };
  }
}

const changePrefix = 'change of ';

function unknown(position: Position, value: number): Variable {
  return { position, value, state: 'open', low: 0, high: Infinity, settled: false, loss: lossOf(position, value), must: null };
}

/**
 * How much a reader loses where the number is hidden: less for a cell than for a total, less for few than for many. The totals of a month or a period are not
 * hidden to protect others: about how many requests there were can be told from the published sizes of the owner's log. Only where a correction changed a few
 * counts the total may have to go, because the change would be seen in it.
 */
function lossOf(position: Position, value: number): number | null {
  const [table, , group, column] = position.split(' ');
  if (table === 'requests' && group === '*' && column === '*') return null;
  // A reader may know that some zeros must be zeros: they protect little.
  return (value === 0 ? 8 : 1 + Math.log2(1 + value) / 4) * (group === '*' || column === '*' ? 6 : 1);
}

function open(variable: Variable, threshold: number): void {
  if (variable.state !== 'open') return;
  if (variable.value >= 1 && variable.value <= threshold) label(variable, threshold);
  else show(variable);
}

/** Says that it is from 1 to the threshold. */
function label(variable: Variable, threshold: number): void {
  variable.state = 'small';
  variable.low = 1;
  variable.high = threshold;
  variable.must = { from: 1, to: threshold };
}

/** The number itself is published. */
export function show(variable: Variable): void {
  variable.state = 'shown';
  variable.low = variable.value;
  variable.high = variable.value;
}

function settle(variable: Variable, cell: Cell | undefined, threshold: number, name: string): void {
  if (cell === undefined) return;
  const small = variable.value >= 1 && variable.value <= threshold;
  const agrees = typeof cell === 'number' ? cell === variable.value && !small : cell.hidden === 'protects' || small;
  const said = variable.settled && variable.state !== (typeof cell === 'number' ? 'shown' : cell.hidden);
  if (!agrees || said) throw new ReleaseError('RELEASE_HISTORY', `${name} does not say what the archive counts for it now (${variable.position})`);
  if (typeof cell === 'number') show(variable);
  else if (cell.hidden === 'small') label(variable, threshold);
  else protect(variable, threshold);
  variable.settled = true;
}

/** Ties a count to what it was in the release before. A change of 1 to the threshold is itself a small number of people. */
function changed(variables: Variable[], before: number, after: number, threshold: number): Constraint {
  const [old, now] = [variables[before], variables[after]];
  if (old === undefined || now === undefined) throw new RangeError('no such variable');
  const by = Math.abs(now.value - old.value);
  const bothSmall = [old, now].every(({ value }) => value >= 1 && value <= threshold);
  // Where one of the two is zero, which is shown, the change is the other number, and as safe as that.
  const must = by > threshold || old.value === 0 || now.value === 0 ? null : { from: 1, to: bothSmall ? threshold - 1 : threshold };
  const difference = variables.push({ position: `${changePrefix}${now.position}`, value: by, state: 'open', low: 0, high: Infinity, settled: false, loss: null, must }) - 1;
  return { variables: [after, before, difference], factors: now.value > old.value ? [1, -1, -1] : [-1, 1, -1], kind: 'zero' };
}
