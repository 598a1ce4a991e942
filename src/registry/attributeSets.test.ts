import { expect, it } from 'vitest';
import { inventNetwork } from '../../demo/network.ts';
import { attributeSets } from './attributeSets.ts';
import { hashContent } from './hash.ts';
import { createSnapshot } from './snapshot.ts';

it('names the attributes of every agency towards every owner, each once', () => {
  const content = inventNetwork({ agencies: 3_500 });
  const snapshot = createSnapshot(content, 1, hashContent(content));
  const at = new Date('2026-06-01T12:00:00Z');
  for (const owner of ['NY', 'CO', 'WA']) {
    const known = attributeSets(snapshot, owner, at);
    for (const { ori } of content.offices) {
      const requester = snapshot.requester(ori);
      if (requester !== null) expect(known.has(requester.attributes(owner, at))).toBe(true);
    }
    expect(new Set([...known].map((one) => JSON.stringify(one))).size).toBe(known.size);
  }
});
