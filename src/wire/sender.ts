import type { AnswerKey } from '../vocabulary/index.ts';
import type { Answer, Ori } from '../model/index.ts';
import type { WireSettings } from './settings.ts';

/** Answers that come from the registration of vehicles; the others come from the licence bureau. */
const vehicleAnswers: ReadonlySet<AnswerKey> = new Set<AnswerKey>(['RR', 'RNR', 'RPR']);

/** The generic ORI of the bureau of an owner that answers (C N13a as an address; as a sender I). */
export function senderOf(owner: string, answer: Answer, settings: WireSettings): Ori {
  return owner + (vehicleAnswers.has(answer.key) ? settings.senderSuffix.vehicle : settings.senderSuffix.driver);
}
