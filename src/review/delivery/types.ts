import { MendableError } from '../../model/codedError.ts';
import type { Actor } from '../../people/accounts/types.ts';
import type { LateAnswer } from '../types.ts';

/** `event`: a signed note that a ticket was decided, without anything of it. `message`: the late answer itself, as it would come on the line. */
export const deliveryKinds = ['event', 'message'] as const;
export type DeliveryKind = (typeof deliveryKinds)[number];

/** How a ticket ended, as the agency is told. */
export type LateStatus = 'released' | 'releasedInPart' | 'refused' | 'expired' | 'noRecord' | 'affirmed' | 'disapproved';

/** Where something goes. The secret is shown once, when it is made. */
export interface DeliveryAddress {
  readonly ori: string;
  readonly kind: DeliveryKind;
  readonly url: string;
  /** Certificates in PEM by which the receiver is known, where it is no public authority's. */
  readonly ca: string | null;
  readonly setBy: string;
  readonly setAt: Date;
}

/** What an agency says of an address. It controls every field. */
export interface NewAddress {
  readonly kind: string;
  readonly url: string;
  readonly ca?: string | null;
  /** Makes a new secret; the one before signs beside it for a day. */
  readonly newSecret?: boolean;
}

/** One delivery with what came of it: of the receiver's answers only the status. */
export interface DeliveryLine {
  readonly id: string;
  readonly ticket: string;
  readonly kind: DeliveryKind;
  readonly state: 'waiting' | 'sent' | 'failed' | 'dropped';
  readonly queuedAt: Date;
  readonly nextAt: Date | null;
  readonly attempts: readonly { readonly at: Date; readonly ms: number; readonly status: number | null; readonly why: SendFault | null }[];
}

/**
 * Why an attempt came to nothing. `status`: the receiver did not answer with 2xx; `redirect`: it sent elsewhere, and that is not followed; `refused`: the address is in a private network that
 * the settings do not allow; `name`: the name leads nowhere; `certificate`: TLS could not be trusted; `timeout`: ten seconds; `down`: no connection, or it broke; `record`: the record could not be
 * kept, so nothing was sent; `answer`: there is no late answer to send.
 */
export type SendFault = 'status' | 'redirect' | 'refused' | 'name' | 'certificate' | 'timeout' | 'down' | 'record' | 'answer';

/** `DELIVERY_URL`, `DELIVERY_KIND`, `DELIVERY_CA`, `DELIVERY_ORI`: a field is wrong. */
export type DeliveryErrorCode = 'DELIVERY_URL' | 'DELIVERY_KIND' | 'DELIVERY_CA' | 'DELIVERY_ORI';

export class DeliveryError extends MendableError<DeliveryErrorCode> {
  override readonly name = 'DeliveryError';
}

/** Reads the late answer of a ticket once its verdict is in the ledger; null before, and after it expired. */
export type ReadLate = (ticket: string, ori: string) => Promise<LateAnswer | null>;

/** Late answers on their way to agencies. */
export interface Delivery {
  addresses(ori: string): Promise<readonly DeliveryAddress[]>;
  /** Throws `DeliveryError`. The secret is given only where it was made now. */
  set(ori: string, address: NewAddress, actor: Actor): Promise<{ readonly address: DeliveryAddress; readonly secret: string | null }>;
  /** False where there was none. What waits for it is dropped. */
  remove(ori: string, kind: string, actor: Actor): Promise<boolean>;
  /** The latest deliveries of an agency. */
  lines(ori: string, limit: number): Promise<readonly DeliveryLine[]>;

  /** Queues what was decided, and begins what is due. Returns how many attempts were begun; they go on by themselves. Several processes may call it at once. */
  tick(now?: number): Promise<number>;
  /** Resolves when no attempt of this process is on its way. */
  settle(): Promise<void>;
  /** Begins nothing more, and breaks off what is on its way: it is tried again later. */
  close(): Promise<void>;
}
