import { createHash } from 'node:crypto';
import { hmacSha256 } from '../../ledger/keys/hmac.ts';
import { canonicalSubject } from '../../ledger/keys/subject.ts';
import type { Sealer } from '../../exchange/ports.ts';
import { office, organisation, withRows } from '../../registry/cases.ts';
import { createSnapshot } from '../../registry/index.ts';
import { decode } from '../../wire/index.ts';
import { readMapping } from './mapping.ts';
import type { Mapping } from './mappingSchema.ts';
import type { OpenImport } from './open.ts';
import type { SampleLog } from './sampleLog.ts';

/** What tests of imports share. Everything is invented. */

const mac = hmacSha256(Buffer.alloc(32, 7));
export const testSealer: Sealer = { tag: (owner, subject) => mac(`${owner} ${canonicalSubject(subject)}`), seal: () => '' };

export const testRegistry = createSnapshot(withRows({
  organisations: [
    organisation('us', { level: 'federal', criminalJustice: 'yes' }), organisation('us/dhs', { parent: 'us', department: 'DHS' }), organisation('us/dhs/ice', { parent: 'us/dhs', component: 'ICE', missions: ['immigrationEnforcement'] }),
    organisation('wa', { level: 'state', homeState: 'WA' }), organisation('wa/seabeck', { parent: 'wa', level: 'municipal', missions: ['generalPolice'] }),
  ],
  offices: [
    office('WA0010100', 'wa/seabeck'), office('WA0010200', 'wa/seabeck'), office('WA00201ZZ', 'wa/seabeck'), office('WA0030100', 'wa/seabeck', { active: false }), office('WAICE0100', 'us/dhs/ice'),
  ],
}), 3, 'ab'.repeat(32));

export const testOris = ['WA0010100', 'WA0010200', 'WAICE0100', 'OR9990000'];

export function mappingOf(text: string): Mapping {
  const reading = readMapping(text);
  if (!reading.ok) throw new Error(reading.problems.map(({ at, message }) => `${at}: ${message}`).join('\n'));
  return reading.mapping;
}

export function partsOf(mapping: string, archive: string, given: Partial<OpenImport> = {}): OpenImport {
  return {
    archive, name: 'test', owner: 'WA', mapping: mappingOf(mapping), mappingHash: createHash('sha256').update(mapping).digest('hex'), by: 'Office of tests', listed: 5, engine: 'weir test',
    registry: testRegistry, sealer: testSealer, now: () => Date.UTC(2026, 10, 1),
    decode: (text) => {
      const found = decode('legacy', Buffer.from(text));
      return found.ok ? { inquiry: found.value } : { fault: found.fault.code };
    },
    ...given,
  };
}

export function bytesOf(log: SampleLog): Buffer {
  return Buffer.concat([...log.pieces]);
}
