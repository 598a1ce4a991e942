import type { DataClass, Purpose, QueryKind } from '../vocabulary/index.ts';
import type { Inquiry, WireFormat } from '../model/index.ts';
import type { RegistrySnapshot, Requester } from './ports.ts';

/** One admitted inquiry: all that the owners' decisions start from. The registry snapshot is the same for every owner. */
export interface Case {
  readonly id: string;
  readonly receivedAt: Date;
  readonly inquiry: Inquiry;
  readonly format: WireFormat;
  readonly credential: string | null;
  readonly registry: RegistrySnapshot;
  readonly requester: Requester;
  readonly onBehalfOf: { readonly ori: string; readonly requester: Requester | null; readonly delegated: boolean } | null;
  readonly purpose: Purpose;
  readonly kind: QueryKind;
  readonly classes: readonly DataClass[];
}
