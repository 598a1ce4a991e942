import { MendableError } from '../../model/codedError.ts';

/**
 * Why a sign-in by a provider was not done. It stands in the act and on the page; no text of the provider does.
 * `PROVIDER_SETTINGS`: the settings of the provider contradict themselves. `PROVIDER_UNKNOWN`: there is no provider of this id. `PROVIDER_DOWN`: it could not be reached, or spoke no OpenID Connect.
 * `PROVIDER_FLOW`: the browser did not bring the cookie of a sign-in that was begun. `PROVIDER_REPLAY`: the answer was used before. `PROVIDER_EXPIRED`: it came too late.
 * `PROVIDER_OTHER`: it was begun with another provider. `PROVIDER_STATE`, `PROVIDER_NONCE`, `PROVIDER_ISSUER`, `PROVIDER_TOKEN`: the answer is not to what was asked, or not signed as it must be.
 * `PROVIDER_DENIED`: the provider says no. `PROVIDER_EMAIL`, `PROVIDER_NAME`: what must be known of a person is missing or not confirmed. `PROVIDER_FACTORS`: a second factor was not shown.
 * `PROVIDER_STALE`: the factors were shown too long ago. `PROVIDER_GROUPS`: no group of theirs gives a role here. `PROVIDER_ACCOUNT`: the account is disabled, or not the one of the session.
 */
export type ProviderErrorCode =
  | 'PROVIDER_SETTINGS' | 'PROVIDER_UNKNOWN' | 'PROVIDER_DOWN' | 'PROVIDER_FLOW' | 'PROVIDER_REPLAY' | 'PROVIDER_EXPIRED' | 'PROVIDER_OTHER' | 'PROVIDER_STATE' | 'PROVIDER_NONCE' | 'PROVIDER_ISSUER'
  | 'PROVIDER_TOKEN' | 'PROVIDER_DENIED' | 'PROVIDER_EMAIL' | 'PROVIDER_NAME' | 'PROVIDER_FACTORS' | 'PROVIDER_STALE' | 'PROVIDER_GROUPS' | 'PROVIDER_ACCOUNT';

/** `message` is one sentence for an operator, `mend` what to do. Neither carries a word of the provider's answer. */
export class ProviderError extends MendableError<ProviderErrorCode> {
  override readonly name = 'ProviderError';
}
