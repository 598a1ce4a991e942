import type { Answer, DirectoryAnswer, FaultAnswer } from '../model/index.ts';
import type { PeerSettings, WireSettings } from './settings.ts';

export function writeNiemAnswer(answer: Answer, _settings: WireSettings, _peer: PeerSettings): string {
  return answer.id;
}
export function writeNiemDirectory(answer: DirectoryAnswer, _settings: WireSettings): string {
  return answer.id;
}
export function writeNiemFault(answer: FaultAnswer, _settings: WireSettings, _peer: PeerSettings): string {
  return answer.id;
}
