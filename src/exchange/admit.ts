import { messageKeys } from '../vocabulary/index.ts';
import type { Inquiry, WireFaultCode } from '../model/index.ts';
import { classesOf } from './classes.ts';
import type { Case } from './case.ts';
import type { Credential } from './exchange.ts';
import type { RegistrySnapshot } from './ports.ts';
import { purposeOf } from './purpose.ts';
import type { ExchangeSettings } from './settings.ts';

/** Why a well-formed message is not taken. */
export interface Rejection {
  readonly code: WireFaultCode;
  readonly message: string;
  readonly at: string | null;
}

/** A certificate speaks only for its own ORIs. On the loopback demonstration (null) the message is believed. */
export function mayState(credential: Credential, ori: string): Rejection | null {
  if (credential.oris === null || credential.oris.has(ori)) return null;
  return { code: 'notAuthorised', message: 'this certificate may not speak for the sending ORI', at: 'requester' };
}

/** Looks the requester up and settles why and for whom it asks. What a policy reads of it comes from the registry alone. */
export function admit(
  inquiry: Inquiry,
  credential: Credential,
  registry: RegistrySnapshot,
  settings: ExchangeSettings,
  base: Pick<Case, 'id' | 'receivedAt' | 'format'>,
): Case | Rejection {
  const refused = mayState(credential, inquiry.requester);
  if (refused !== null) return refused;
  const requester = registry.requester(inquiry.requester);
  if (requester === null) return { code: 'unknownRequester', message: 'the sending ORI is not in the registry', at: 'requester' };
  const wanted = classesOf(inquiry);
  if ('impossible' in wanted) {
    return { code: 'badCombination', message: `a ${inquiry.key} cannot ask for ${wanted.impossible}`, at: 'wants' };
  }
  const other = inquiry.extension.onBehalfOf;
  // Written out: this is the hot path, and a spread costs more than the rest of the function.
  return {
    id: base.id,
    receivedAt: base.receivedAt,
    format: base.format,
    inquiry,
    credential: credential.fingerprint,
    registry,
    requester,
    onBehalfOf: other === null || other === inquiry.requester ? null : {
      ori: other,
      requester: registry.requester(other),
      delegated: registry.mayActFor(inquiry.requester, other, base.receivedAt),
    },
    purpose: purposeOf(inquiry, settings.legacyPurposes),
    kind: messageKeys[inquiry.key].kind,
    classes: wanted.classes,
  };
}
