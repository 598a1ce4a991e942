import { serverCertificate } from './authority.ts';
import { trustedAuthorities } from './trust.ts';

/** What a listener with mutual TLS needs; all PEM. */
export interface ServingAuthority {
  readonly server: { readonly key: string; readonly cert: string; readonly notAfter: Date };
  /** Authorities whose client certificates TLS takes: the local one first. The table of credentials then says which of those are known. */
  readonly trusted: readonly string[];
}

/** Opens, or makes, the local authority and the certificate of the server, which also bears `names`; and reads the trust list. */
export async function openAuthority(keys: string, options: { readonly names?: readonly string[]; readonly now?: Date } = {}): Promise<ServingAuthority> {
  const { key, certificate, notAfter } = await serverCertificate(keys, options.names, options.now);
  return { server: { key, cert: certificate, notAfter }, trusted: await trustedAuthorities(keys) };
}
