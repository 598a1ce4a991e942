import type { Witness } from './state.ts';

/** What a witness says of itself to a person, in plain text: which logs it watches, and how far it has seen each. */
export function frontPage(witness: Pick<Witness, 'name' | 'vkey' | 'health' | 'logs'>): string {
  const logs = [...witness.logs()].sort((a, b) => (a.origin < b.origin ? -1 : 1));
  const signed = logs.map(({ origin, hash, kept, contradictions }) => [
    `  ${origin}`,
    kept === null ? '    nothing cosigned yet' : `    ${kept.size} ${kept.size === 1 ? 'entry' : 'entries'}, cosigned ${new Date(kept.time * 1000).toISOString().slice(0, 19)}Z`,
    ...(kept === null ? [] : [`    /${hash}/checkpoint`]),
    ...(contradictions === 0 ? [] : [`    ${contradictions} signed checkpoint(s) that contradict what was cosigned: this log has two histories, and the evidence is kept`]),
  ].join('\n'));
  return [
    `${witness.name} is a witness of transparency logs.`,
    '',
    'It cosigns a checkpoint of a log only if that log only added to what this witness cosigned before. So nobody, not even those who run the log, can',
    'show it one history and others another without being found out, as long as this witness is honest.',
    '',
    `Its key:  ${witness.vkey}`,
    `Health:   ${witness.health}`,
    '',
    logs.length === 0 ? 'It watches no log yet.' : `It watches ${logs.length} log${logs.length === 1 ? '' : 's'}:`,
    '',
    ...signed,
    '',
    'Protocol: https://c2sp.org/tlog-witness (POST /add-checkpoint).',
    '',
  ].join('\n');
}
