import { canonicalPolicy, printPolicy, sentencesOf, type PolicyDocument } from '../../policy/index.ts';
import { cedarPolicies } from '../../policy/export/cedar.ts';
import { cedarSchema } from '../../policy/export/cedarSchema.ts';
import { smtlibClaim } from '../../policy/export/smtlib.ts';
import { exportForms, type ExportForm, type JobAnswer, type JobOf, type JobParts } from './job.ts';

/** The document for other eyes and other engines. Null where it has no claim with the id that was asked for. */
export function exportText(document: PolicyDocument, as: ExportForm, at: Date, claim: string | null = null): string | null {
  switch (as) {
    case 'yaml': return printPolicy(document);
    case 'json': return `${canonicalPolicy(document)}\n`;
    case 'words': return `${sentencesOf(document).map(({ item, sentence }) => `${item.id}  ${sentence}`).join('\n')}\n`;
    case 'cedar': return cedarPolicies(document, at);
    case 'cedarSchema': return cedarSchema();
    case 'smtlib': return smtlibText(document, at, claim);
  }
}

export function exportJob({ named: { document } }: JobParts, { as, claim }: JobOf<'export'>): JobAnswer {
  const text = exportText(document, as, new Date(), claim);
  return text === null ? { ok: false, problem: 'unknownClaim' } : { ok: true, body: text, contentType: `${exportForms[as]}; charset=utf-8` };
}

/** One claim, or all of them one after the other: a solver forgets all before each. Each in the world that decides it. */
function smtlibText(document: PolicyDocument, at: Date, id: string | null): string | null {
  const claims = document.claims.filter((claim) => id === null || claim.id === id);
  if (claims.length === 0 && id !== null) return null;
  return claims.map((claim, place) => `${place === 0 ? '' : '(reset)\n'}${smtlibClaim(document, claim, claim.world, at).trimEnd()}\n`).join('\n');
}
