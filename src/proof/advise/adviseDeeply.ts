import type { Network } from '../../model/index.ts';
import { caps as policyCaps, findingCodes, type CheckResult, type Finding, type PolicyDocument } from '../../policy/index.ts';
import { parseDay } from '../../policy/quantity.ts';
import { orCapped, type BddCaps } from '../bdd.ts';
import { adviseClaims } from './contradicts.ts';
import { adviseEverybody } from './everybody.ts';
import { Ground, type Sound } from './ground.ts';
import { adviseShadows } from './shadows.ts';
import { adviseWidening } from './widens.ts';

export interface DeepAdvice {
  /** The registry, for what nobody in it matches, for counts, and for claims over it. */
  readonly network?: Network | null;
  /** The policy before this one, for what the rules newly give. */
  readonly base?: PolicyDocument | null;
  /** The instant at which claims and the two policies are read, in milliseconds since 1970; the first day of the policy where it is absent or earlier. */
  readonly at?: number;
  readonly caps?: Partial<BddCaps>;
}

/** About a second of work at most: these are asked while somebody types. */
const adviceCaps: Partial<BddCaps> = { nodes: 500_000, steps: 6_000_000 };

/**
 * What a sound document still gets wrong, found by looking at every agency and every request that the schema admits: warnings and notices, placed in
 * its text and in its order, beside those of the check. Exact but for what each code says in `docs/policy.md`. Past a cap the rest is left out, with a notice.
 */
export function adviseDeeply(checked: Sound, { network = null, base = null, at = -Infinity, caps = adviceCaps }: DeepAdvice = {}): readonly Finding[] {
  const first = parseDay(checked.document.effective) ?? 0;
  const ground = orCapped(() => new Ground(checked, { network, base, at: Math.max(at, first), caps }));
  if (ground === 'capped') return [cut(checked)];
  const parts = [adviseShadows, adviseEverybody, adviseClaims, (one: Ground) => { if (base !== null) adviseWidening(one, base); }];
  const capped = parts.filter((part) => orCapped(() => { part(ground); }) === 'capped');
  const found = [...ground.findings, ...(capped.length === 0 ? [] : [cut(checked)])];
  const list = inOrder(found);
  return list.length <= policyCaps.findings ? list : [...list.slice(0, policyCaps.findings - 1), tooMany(list[policyCaps.findings - 1])];
}

/** The findings of a check and those of `adviseDeeply` together, in the order of the text. */
export function allFindings(checked: CheckResult, options: DeepAdvice = {}): readonly Finding[] {
  return checked.ok ? inOrder([...checked.findings, ...adviseDeeply(checked, options)]) : checked.findings;
}

function inOrder(findings: readonly Finding[]): readonly Finding[] {
  return [...findings].sort((a, b) => a.line - b.line || a.column - b.column);
}

function tooMany(last: Finding | undefined): Finding {
  return { code: 'findingsCut', severity: findingCodes.findingsCut.severity, line: last?.line ?? 1, column: last?.column ?? 1, message: `only the first ${policyCaps.findings - 1} of these findings are shown`, mend: 'mend these and check again' };
}

function cut({ locate }: Sound): Finding {
  return { code: 'notLookedThrough', severity: findingCodes.notLookedThrough.severity, ...locate('rules'), message: 'the rules are too intricate to be looked through, so some findings may be missing', mend: 'split rules that have many exceptions' };
}
