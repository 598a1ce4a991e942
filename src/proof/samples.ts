import { undeclaredAttributes, type RequesterAttributes } from '../vocabulary/index.ts';
import type { Network } from '../model/index.ts';

/** For tests: a network of organisations with these attributes and no edges, one ORI each; an organisation with `null` cannot ask. */
export function networkFor(all: readonly (RequesterAttributes | null)[], version = 1): Network {
  return {
    registryVersion: version, registryHash: String(version), day: '2026-06-01', edges: [],
    nodes: all.map((attributes, i) => ({
      id: `o${i}`, name: `Agency ${i}`, oris: attributes === null ? [] : [`ZY${String(i).padStart(7, '0')}`], attributes: () => attributes ?? undeclaredAttributes,
    })),
  };
}
