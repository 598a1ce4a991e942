import { Agent, request } from 'undici';
import { landmarkOris, people } from '../demo/landmarks.ts';
import { readLedger } from '../test/readLedger.ts';
import { emptyExtension } from '../src/model/index.ts';
import { encodeInquiry } from '../src/wire/index.ts';

/** What a policy for this load counts: photos by agency, photos and addresses by agency and by the owner. */
export interface Limits {
  readonly photoPerAgency: number;
  readonly bothPerAgency: number;
  readonly perOwner: number;
}

/** A policy of Washington that gives everything, but for its limits. Months, so that hardly any run sees a window end. */
export function limitPolicy(version: number, { photoPerAgency, bothPerAgency, perOwner }: Limits): string {
  return [
    'policy: WA', `version: ${version}`, 'effective: 2025-01-01', 'title: Invented, to load limits', 'rules:', '  - { id: WA-1, release: { data: all } }', 'limits:',
    `  - { id: PHOTO, data: photo, per: agency, max: ${photoPerAgency}/month, beyond: hold, review: { by: desk, within: 4h, onTimeout: deny } }`,
    `  - { id: BOTH, data: [photo, address], per: agency, max: ${bothPerAgency}/month, beyond: deny }`,
    `  - { id: OWNER, data: [photo, address], per: owner, max: ${perOwner}/month, beyond: deny }`, '',
  ].join('\n');
}

/** Agencies of the demonstration that ask, each of another organisation. */
export const askers: readonly string[] = [landmarkOris.cityPolice, landmarkOris.countySheriff, landmarkOris.statePatrol, landmarkOris.heronBendPolice];

/** What came back, seen from outside. */
export interface Got {
  answers: number;
  photos: number;
  addresses: number;
  /** Connections cut off, and answers that were not 200. */
  failed: number;
  /** Milliseconds of each answer. */
  readonly latencies: number[];
}

interface JsonAnswer {
  readonly answers: readonly { readonly records: readonly { readonly photo?: unknown; readonly address?: unknown }[] }[];
}

/** Sends so many requests for one invented driver with photo, `workers` at a time and by the agencies in turn; stops early where `stop` says so. */
export async function askWith(url: string, workers: number, requests: number, stop: () => boolean = () => false): Promise<Got> {
  const agent = new Agent({ connections: workers, headersTimeout: 60_000 });
  const got: Got = { answers: 0, photos: 0, addresses: 0, failed: 0, latencies: [] };
  const bodies = askers.map((requester) => encodeInquiry('json', {
    key: 'DQ', requester, destinations: ['WA'], control: 'LIMITS', subject: { kind: 'licence', number: people.tessa.licenceNumber }, image: true, reason: null,
    legacyPurpose: null, attention: null, extension: emptyExtension,
  }));
  let next = 0;
  const one = async (body: string): Promise<void> => {
    const began = performance.now();
    try {
      const answer = await request(`${url}/v1/inquiries`, { method: 'POST', body, headers: { 'content-type': 'application/json' }, dispatcher: agent });
      const text = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(text);
      const records = (JSON.parse(text) as JsonAnswer).answers.flatMap((part) => part.records);
      got.answers += 1;
      got.photos += records.some((record) => record.photo !== undefined) ? 1 : 0;
      got.addresses += records.some((record) => record.address !== undefined) ? 1 : 0;
      got.latencies.push(performance.now() - began);
    } catch {
      got.failed += 1;
    }
  };
  await Promise.all(Array.from({ length: workers }, async () => {
    while (next < requests && !stop()) await one(bodies[next++ % bodies.length] ?? '');
  }));
  await agent.destroy();
  return got;
}

/** What the journal says of one counter. */
export interface Counter {
  readonly name: string;
  readonly max: number;
  /** What each request that was counted found before it, in the order of the journal. */
  readonly used: number[];
}

export interface JournalCount {
  readonly counters: ReadonlyMap<string, Counter>;
  /** Entries under which a photo left, and those under which an address did. */
  readonly photos: number;
  readonly addresses: number;
  /** Entries under which something left that a limit counts, without having been counted: there must be none. */
  readonly uncounted: number;
}

/** Adds up what the entries say that this version of the policy of Washington decided. */
export async function countJournal(data: string, version: number): Promise<JournalCount> {
  const counters = new Map<string, Counter>();
  let [photos, addresses, uncounted] = [0, 0, 0];
  for await (const { entry } of readLedger(data)) {
    if (entry.type !== 'decision' || entry.owner !== 'WA' || entry.policyVersion !== version) continue;
    const counted = entry.limits.filter((limit) => limit.counted);
    for (const { rule, key, window, max, used } of counted) {
      const name = `${rule} ${key} ${window}`;
      const counter = counters.get(name) ?? { name, max, used: [] };
      counter.used.push(used ?? -1);
      counters.set(name, counter);
    }
    const [photo, address] = [entry.released.includes('photo'), entry.released.includes('address')];
    photos += photo ? 1 : 0;
    addresses += address ? 1 : 0;
    const rules = counted.map(({ rule }) => rule);
    if ((photo && !rules.includes('PHOTO')) || ((photo || address) && !(rules.includes('BOTH') && rules.includes('OWNER')))) uncounted += 1;
  }
  return { counters, photos, addresses, uncounted };
}

/** How many the counters are over their maxima, all together. */
export function over({ counters }: JournalCount): number {
  return [...counters.values()].reduce((sum, { max, used }) => sum + Math.max(0, used.length - max), 0);
}
