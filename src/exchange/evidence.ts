import { noEvidence, type CourtClass, type EvidenceFacts, type EvidenceGrade } from '../vocabulary/index.ts';
import type { Extension } from '../model/index.ts';
import type { Confirmations } from './ports.ts';

/**
 * Grades what the asker states. A request can reach `documentHash` by itself; only the owner's own record
 * of a court's confirmation makes it `courtConfirmed`, and then the court is the one on record, not the one stated.
 */
export function gradeEvidence(extension: Extension, owner: string, confirmations: Confirmations): EvidenceFacts {
  const { warrant, caseNumber } = extension;
  const caseGrade: EvidenceGrade = caseNumber === null ? 'none' : 'numbered';
  if (warrant === null) return caseNumber === null ? noEvidence : { warrant: 'none', court: 'notStated', caseNumber: caseGrade };
  const confirmed: CourtClass | null = confirmations.court(owner, warrant.number, warrant.documentHash);
  if (confirmed !== null) return { warrant: 'courtConfirmed', court: confirmed, caseNumber: caseGrade };
  const grade: EvidenceGrade = warrant.documentHash !== null ? 'documentHash' : warrant.number !== null ? 'numbered' : 'stated';
  return { warrant: grade, court: warrant.court, caseNumber: caseGrade };
}
