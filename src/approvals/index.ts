import { certificateOf } from './certificate.ts';
import { decide } from './decide.ts';
import { delegate } from './deputies.ts';
import { draftsOf } from './drafts.ts';
import type { ChangesParts } from './parts.ts';
import { proposalsOf } from './proposals.ts';
import { proposalRow, proposalView, type ProposalRow } from './rows.ts';
import { readRule } from './rule.ts';
import { tick } from './tick.ts';
import type { Changes } from './types.ts';

export { certificatePdf } from './certificatePdf.ts';
export { verifyCertificate, type AnchorEntry, type CertificateFault, type CertificateVerdict } from './verifyCertificate.ts';
export { effectOf, type JudgedEffect } from './effect.ts';
export { missedChanges } from './missed.ts';
export type { Checker, ChangesParts } from './parts.ts';
export * from './types.ts';

/** Opens changes of policies over a database. Any number of processes may have it open over the same one. `now` is in milliseconds since 1970. */
export function openChanges({ now = Date.now, onFault = () => undefined, ...rest }: Pick<ChangesParts, 'sql' | 'acts' | 'checker'> & Partial<ChangesParts>): Changes {
  const parts: ChangesParts = { ...rest, now, onFault };
  const { sql } = parts;
  return {
    rule: (owner) => readRule(sql, owner),
    ...draftsOf(parts),
    ...proposalsOf(parts),
    async proposals(owner, states) {
      const rows = await sql<ProposalRow[]>`
        select * from policy_proposal where owner = ${owner} ${states === null ? sql`` : sql`and state = any(${[...states]})`} order by proposed_at desc limit 200`;
      const rule = await readRule(sql, owner);
      return Promise.all(rows.map((row) => proposalView(sql, row, rule)));
    },
    async proposal(owner, id) {
      const row = await proposalRow(sql, owner, id);
      return row === null ? null : proposalView(sql, row, await readRule(sql, owner));
    },
    decide: (owner, id, request, actor) => decide(parts, owner, id, request, actor),
    delegate: (owner, request, actor) => delegate(parts, owner, request, actor),
    certificate: (owner, id, actor) => certificateOf(parts, owner, id, actor),
    tick: (at) => tick({ ...parts, now: () => at }),
  };
}
