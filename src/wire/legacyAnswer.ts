import type { Answer, DirectoryAnswer, FaultAnswer } from '../model/index.ts';
import type { PeerSettings, WireSettings } from './settings.ts';

export function writeLegacyAnswer(answer: Answer, _settings: WireSettings, _peer: PeerSettings): string {
  return answer.id;
}
export function writeLegacyDirectory(answer: DirectoryAnswer, _settings: WireSettings): string {
  return answer.id;
}
export function writeLegacyFault(answer: FaultAnswer, _settings: WireSettings, _peer: PeerSettings): string {
  return answer.id;
}
