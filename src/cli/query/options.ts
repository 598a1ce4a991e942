import type { CommonOptions } from '../verb.ts';

/** The options of `weir query`, as commander reads them. */
export interface QueryOptions extends CommonOptions {
  readonly as?: string;
  readonly to?: string;
  readonly oln?: string;
  readonly name?: string;
  readonly dob?: string;
  readonly sex?: string;
  readonly plate?: string;
  readonly plateYear?: string;
  readonly plateType?: string;
  readonly vin?: string;
  readonly ori?: string;
  readonly image?: boolean;
  readonly purpose?: string;
  readonly reason?: string;
  readonly case?: string;
  readonly warrant?: string;
  readonly warrantHash?: string;
  readonly court?: string;
  readonly onBehalfOf?: string;
  readonly user?: string;
  readonly wants?: string;
  readonly control?: string;
  readonly format: 'json' | 'niem' | 'legacy';
  readonly file?: string;
  readonly idempotencyKey?: string;
  readonly server?: string;
  readonly cert?: string;
  readonly keyFile?: string;
  readonly ca?: string;
}
