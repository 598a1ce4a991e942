import { demoPolicies } from '../demo/policies/index.ts';
import { landmarkOris } from '../demo/landmarks.ts';
import { inventNetwork } from '../demo/network.ts';
import { noEvidence } from '../src/vocabulary/index.ts';
import { emptyExtension, type Answer, type Inquiry, type WireFormat } from '../src/model/index.ts';
import { checkPolicy, ownerPolicy } from '../src/policy/index.ts';
import { createSnapshot, hashContent } from '../src/registry/index.ts';
import { decode, encodeAnswer, encodeInquiry } from '../src/wire/index.ts';
import { conditions, number, table, type Row } from './table.ts';

/** What one thread does in process: decisions with rule ids, registry look-ups, and the codecs. `node dist/bench/decide.js` */
const content = inventNetwork({});
const registry = createSnapshot(content, 1, hashContent(content));
const policies = demoPolicies().map(({ owner, text }) => {
  const checked = checkPolicy(text);
  if (!checked.ok) throw new Error(`the policy of ${owner} does not pass its check`);
  return ownerPolicy(checked.document, checked.hash);
});
const oris = content.offices.map((office) => office.ori);
const now = new Date();
const classes = ['licenceStatus', 'licenceNumber', 'name', 'birthDate', 'description', 'address', 'photo'] as const;

const lookups = rate((i) => registry.requester(oris[i % oris.length] ?? '')?.attributes('WA', now));
const decisions = rate((i) => {
  const policy = policies[i % policies.length];
  const requester = registry.requester(oris[(i * 7919) % oris.length] ?? '');
  if (policy === undefined || requester === null) throw new Error('not in the network');
  return policy.decide({ requester: requester.attributes(policy.owner, now), purpose: 'trafficEnforcement', evidence: noEvidence, kind: 'lookup', classes });
});

const rows: Row[] = [
  { what: 'registry look-ups with attributes/s', measured: number(lookups), budget: '', ok: null },
  { what: 'decisions of the interpreter/s, seven classes each, 56 owners and 18,000 agencies in turn', measured: number(decisions), budget: '(the compiled table comes later: ≥ 5 M/s)', ok: null },
  ...(['json', 'legacy', 'niem'] as const).map(codec),
];
process.stdout.write(`${conditions()}; one thread, in process\n\n${table(rows)}\n`);

function codec(format: WireFormat): Row {
  const message = Buffer.from(encodeInquiry(format, inquiry()));
  const read = rate(() => decode(format, message));
  const whole = answer();
  const written = rate(() => encodeAnswer(format, whole));
  return { what: `${format}: messages read/s, answers written/s`, measured: `${number(read)}, ${number(written)}`, budget: '', ok: null };
}

function inquiry(): Inquiry {
  return {
    key: 'DQ', requester: landmarkOris.cityPolice, destinations: ['WA'], control: 'A1B2C3D4', subject: { kind: 'licence', number: 'WDL3B7K902XM' }, image: false, reason: 'T',
    legacyPurpose: null, attention: null, extension: emptyExtension,
  };
}

function answer(): Answer {
  return {
    id: '0', inquiryKey: 'DQ', key: 'DR', requester: landmarkOris.cityPolice, destinations: ['WA'], control: 'A1B2C3D4',
    clocks: { received: 1, sent: 2, receiveNumber: 1, sendNumber: 1 }, merged: false, demonstration: true,
    summary: { asked: 1, hit: 1, noHit: 0, refused: 0, held: 0, silent: 0, owners: { hit: ['WA'], noHit: [], refused: [], held: [], silent: [] } },
    answers: [{
      owner: 'WA', status: 'answered', more: false, reasons: [], policyVersion: 1, ticket: null, receipt: { log: 'wa', index: 1, entry: '0/WA', hash: 'a'.repeat(64), token: 'A'.repeat(330) },
      classes: classes.map((dataClass) => ({ dataClass, outcome: 'release', treatment: null, rules: ['WA-1'] })),
      records: [{
        licenceStatus: { status: 'LIC', licenceClass: 'D', issued: '2024-05-02', expires: '2032-05-02' }, licenceNumber: { number: 'WDL3B7K902XM', jurisdiction: 'WA' },
        name: { surname: 'MARROWBY', given: 'TESSA', middle: 'Q' }, birthDate: '1988-04-12', description: { sex: 'F', height: 70, weight: 165, eyes: 'BRO', hair: 'BLN' },
        address: { street: '621 FEATHER PL', city: 'CEDAR HOLLOW', county: 'TARNWICK', state: 'WA', zip: '98030' },
      }],
    }],
  };
}

/** How often per second `work` runs, over about a second after warming up. */
function rate(work: (i: number) => unknown): number {
  let count = 0;
  for (const end = performance.now() + 300; performance.now() < end; ) for (let i = 0; i < 100; i += 1) work(count++);
  count = 0;
  const began = performance.now();
  while (performance.now() - began < 1_000) for (let i = 0; i < 100; i += 1) work(count++);
  return count / ((performance.now() - began) / 1_000);
}
