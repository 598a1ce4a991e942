import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inventNetwork } from '../../demo/network.ts';
import type { Network } from '../model/index.ts';
import { mutualKinds } from '../vocabulary/index.ts';
import { affiliation, certification, office, organisation, smallContent, soundContent, withRows } from './cases.ts';
import { dayOfText } from './days.ts';
import { attributesOn, levelOf } from './derive.ts';
import type { RegistryContent } from './model.ts';
import { networkOf } from './network.ts';
import { lineage } from './registryIndex.ts';
import { createSnapshot } from './snapshot.ts';

const on = (date: string): Date => new Date(`${date}T12:00:00Z`);
const of = (content: RegistryContent, date = '2025-06-01'): Network => networkOf(createSnapshot(content, 3, 'h'), on(date));
const edgesOf = (network: Network): string[] => network.edges.map(({ kind, from, to }) => `${kind} ${network.nodes[from]?.id ?? '?'} > ${network.nodes[to]?.id ?? '?'}`);

describe('the network of a snapshot', () => {
  it('names its version and day, and has every organisation, with its active offices only', () => {
    const network = of(withRows({ offices: [office('COZZ00200', 'co/springfield'), office('COZZ00100', 'co/springfield'), office('COZZ00300', 'co/springfield', { active: false })] }));
    expect(network).toMatchObject({ registryVersion: 3, registryHash: 'h', day: '2025-06-01' });
    expect(network.nodes.map(({ id }) => id)).toEqual(smallContent.organisations.map(({ id }) => id).sort());
    expect(network.nodes.find(({ id }) => id === 'co/springfield')?.oris).toEqual(['COZZ00100', 'COZZ00200']);
    expect(network.nodes.find(({ id }) => id === 'hosting')?.oris).toEqual([]);
  });

  it('joins a part and its whole of the same level both ways, and no others', () => {
    expect(edgesOf(of(smallContent)).sort()).toEqual([
      'component co/juniper > co/juniper/jail', 'component co/juniper/jail > co/juniper', 'component us > us/dhs', 'component us/dhs > us', 'component us/dhs > us/dhs/ice',
      'component us/dhs/ice > us/dhs', 'component us/dhs/ice > us/dhs/ice/hsi', 'component us/dhs/ice/hsi > us/dhs/ice',
    ]);
    expect(of(smallContent).edges.find(({ kind }) => kind === 'component')).toMatchObject({ grade: 'contractOnly', confirmed: true, provenance: 'Body co/juniper/jail is a part of Body co/juniper in the registry', since: null });
  });

  it.each([['2025-01-31', 0], ['2025-02-01', 1], ['2025-08-31', 1], ['2025-09-01', 0]])('has an agreement from its first to its last day: %s', (date, count) => {
    const agreement = affiliation('program287g', 'co/juniper', 'us/dhs/ice', { since: '2025-02-01', until: '2025-08-31', grade: 'inseparable', confirmed: false });
    const edges = of(withRows({ affiliations: [agreement] }), date).edges.filter(({ kind }) => kind === 'program287g');
    expect(edges).toHaveLength(count);
    if (count === 1) expect(edges[0]).toMatchObject({ grade: 'inseparable', confirmed: false, provenance: 'an invented list of 2025-01-01, in force from 2025-02-01 to 2025-08-31', since: '2025-02-01', until: '2025-08-31' });
  });

  it.each([['sharedOri', 2], ['taskForce', 2], ['program287g', 1], ['delegation', 1]] as const)('goes both ways where a kind joins two alike, once each: %s', (kind, count) => {
    const once = affiliation(kind, 'co/juniper', 'co/springfield');
    const ends = (rows: readonly ReturnType<typeof affiliation>[]): string[] => edgesOf(of(withRows({ affiliations: rows }))).filter((edge) => edge.startsWith(kind));
    expect(ends([once])).toHaveLength(count);
    if (count === 2) expect(ends([once, affiliation(kind, 'co/springfield', 'co/juniper')])).toEqual(ends([once]));
  });

  it('gives the very attributes that the live path reads, and those of an organisation without an office', () => {
    const content = withRows({
      organisations: [...smallContent.organisations, organisation('co/aspen', { parent: 'co', level: 'municipal', missions: ['generalPolice'], criminalJustice: 'yes' })],
      certifications: [certification('co/springfield', { until: '2025-12-31' })],
    });
    const snapshot = createSnapshot(content, 1, 'h');
    const network = networkOf(snapshot, on('2025-06-01'));
    const at = (id: string) => network.nodes.find((node) => node.id === id);
    for (const owner of ['CO', 'NY']) expect(at('co/springfield')?.attributes(owner)).toBe(snapshot.requester('COZZ00100')?.attributes(owner, on('2025-06-01')));
    expect(at('co/springfield')?.attributes('CO').certified).toEqual(['noCivilImmigrationUse']);
    expect(at('co/aspen')?.attributes('NY')).toBe(at('co/springfield')?.attributes('NY'));
  });

  it('says the same whatever order the rows came in', () => {
    fc.assert(fc.property(soundContent, (content) => {
      const turned = { organisations: [...content.organisations].reverse(), offices: [...content.offices].reverse(), affiliations: [...content.affiliations].reverse(), certifications: content.certifications };
      const [a, b] = [of(content), of(turned)];
      expect(b.nodes.map(({ id, oris }) => [id, oris])).toEqual(a.nodes.map(({ id, oris }) => [id, oris]));
      expect(b.edges).toEqual(a.edges);
    }), { numRuns: 40 });
  });

  it('has the attributes of every organisation as they would be derived afresh, and tree edges exactly between equal levels', () => {
    fc.assert(fc.property(soundContent, fc.integer({ min: 18_000, max: 22_000 }), (content, day) => {
      const snapshot = createSnapshot(content, 1, 'h');
      const network = networkOf(snapshot, new Date(day * 86_400_000));
      for (const node of network.nodes) expect(node.attributes('CO')).toEqual(attributesOn(snapshot.index, node.id, 'CO', day));
      const level = (id: string) => levelOf(lineage(snapshot.index.organisations, id));
      const expected = content.organisations.flatMap(({ id, parent }) => (parent !== null && level(id) === level(parent) ? [`component ${id} > ${parent}`, `component ${parent} > ${id}`] : []));
      const recorded = content.affiliations.filter((row) => row.kind === 'component').length;
      expect(edgesOf(network).filter((text) => text.startsWith('component ')).length).toBeGreaterThanOrEqual(expected.length);
      expect(edgesOf(network).filter((text) => text.startsWith('component ')).length).toBeLessThanOrEqual(expected.length + recorded);
      for (const edge of expected) expect(edgesOf(network)).toContain(edge);
      const inForce = content.affiliations.filter((row) => dayOfText(row.since) <= day && (row.until === null || day <= dayOfText(row.until)));
      const back = new Set(inForce.filter(({ kind }) => mutualKinds.has(kind)).map(({ kind, from, to, grade, confirmed }) => [kind, to, from, grade, confirmed].join(' ')));
      for (const { kind, from, to, grade, confirmed } of inForce) back.delete([kind, from, to, grade, confirmed].join(' '));
      expect(new Set(edgesOf(network)).size).toBeLessThanOrEqual(expected.length + inForce.length + back.size);
      expect(network.edges.length).toBeGreaterThanOrEqual(expected.length + inForce.length + back.size);
    }), { numRuns: 40 });
  });

  it('holds the demonstration network, with every agreement in force', () => {
    const content = inventNetwork();
    const network = of(content, '2026-10-01');
    expect(network.nodes).toHaveLength(content.organisations.length);
    const agreements = content.affiliations.filter((row) => row.kind === 'program287g' && row.since <= '2026-10-01' && (row.until === null || row.until >= '2026-10-01'));
    expect(network.edges.filter(({ kind }) => kind === 'program287g')).toHaveLength(agreements.length);
    expect(agreements.length).toBeGreaterThan(500);
  });
});
