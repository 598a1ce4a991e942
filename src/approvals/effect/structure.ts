import type { Rule } from '../../policy/index.ts';
import { instantIn, itemsOf } from '../../policy/table/stretch.ts';
import type { ProofBasis } from '../../proof/types.ts';
import { sameText } from './leaning.ts';

/**
 * Whether the later rules in force can be seen to give no more, without trying agencies: every rule is there as before, but that rules which release
 * in full may be gone and rules that refuse may be new. For tables with more kinds of agency than can be tried.
 */
export function onlyStricter(before: ProofBasis, after: ProofBasis): boolean {
  const [was, is] = [inForce(before), inForce(after)];
  if (is.size === 0) return true;
  const gone = [...was].filter(([text]) => !is.has(text));
  return gone.every(([, rule]) => rule.outcome === 'release' && Object.keys(rule.treat).length === 0)
    && [...is].every(([text, rule]) => rule.outcome === 'deny' || was.has(text));
}

/** The rules by what they say, without what they are called and when they hold. */
function inForce({ document, table }: ProofBasis): ReadonlyMap<string, Rule> {
  return new Map(itemsOf(document, document.rules, instantIn(table)).map((rule) => {
    const { id: _id, title: _title, cites: _cites, effective: _effective, expires: _expires, ...rest } = rule;
    return [sameText(rest), rule];
  }));
}
