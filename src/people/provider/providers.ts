import { authorizationCodeGrant, AuthorizationResponseError, buildAuthorizationUrl, buildAuthorizationUrlWithPAR, calculatePKCECodeChallenge, fetchUserInfo, ResponseBodyError } from 'openid-client';

import type { Sql } from '../../store/index.ts';
import { AccountError } from '../accounts/errors.ts';
import type { Accounts, From } from '../accounts/types.ts';
import type { Acts } from '../acts/index.ts';
import { readClaims, type Claimed } from './claims.ts';
import { providerClient, type ProviderClient } from './client.ts';
import { ProviderError, type ProviderErrorCode } from './errors.ts';
import { beginFlow, equals, flowFor, hashOf, secretsOf, sweepFlows, takeFlow, type Flow } from './flow.ts';
import { readProvider, type Provider, type ProviderSettings } from './settings.ts';

/** What a sign-in by a provider begins with. */
export interface BeginRequest {
  /** Where to go on after; an address of this site, checked by the caller. */
  readonly to: string;
  readonly purpose: 'signIn' | 'again';
  /** The secret of the session, for `again`. */
  readonly session?: string | null;
}

export type Begun =
  /** `address` is the provider's; `flow` a secret for a cookie of its own, once, for ten minutes. */
  | { readonly ok: true; readonly address: string; readonly flow: string }
  | { readonly ok: false; readonly code: Extract<ProviderErrorCode, 'PROVIDER_UNKNOWN' | 'PROVIDER_DOWN'> };

export type Finished =
  | { readonly ok: true; readonly cookie: string; readonly account: string; readonly to: string }
  | { readonly ok: false; readonly why: 'refused' | 'expired' | 'replayed' | 'down'; readonly code: ProviderErrorCode };

/** Sign-in by the providers of states (OpenID Connect Core 1.0, authorization code with PKCE). Whoever is at the other end of the network controls every text. */
export interface Providers {
  readonly list: readonly { readonly id: string; readonly name: string }[];
  begin(providerId: string, request: BeginRequest): Promise<Begun>;
  /**
   * `currentUrl`: where the provider sent the browser, at this exchange's own origin. `flow`: the secret from the browser's cookie, null where there is none.
   * Whatever is refused is on the record before this resolves.
   */
  finish(providerId: string, currentUrl: URL, flow: string | null, from: From, session?: string | null): Promise<Finished>;
  close(): Promise<void>;
}

export interface ProvidersParts {
  readonly accounts: Pick<Accounts, 'provision' | 'signInProved' | 'againProved' | 'session' | 'signOut'>;
  readonly acts: Pick<Acts, 'record'>;
  readonly sql: Sql;
  /** Where people reach this exchange: `https://weir.example.org`, without a path. */
  readonly origin: string | (() => string);
  readonly now?: () => number;
}

/** How often old flows are forgotten, in milliseconds. */
const sweepEvery = 60_000;

/** Opens the providers of the settings; nothing is sent before somebody signs in. Throws `PROVIDER_SETTINGS`. */
export function openProviders(settings: readonly ProviderSettings[], { accounts, acts, sql, origin, now = Date.now }: ProvidersParts): Providers {
  const providers = new Map<string, { readonly provider: Provider; readonly client: ProviderClient }>();
  for (const one of settings) {
    const provider = readProvider(one);
    if (providers.has(provider.id)) throw new ProviderError('PROVIDER_SETTINGS', `provider \`${provider.id}\` is there twice`, 'Give each provider an id of its own.');
    providers.set(provider.id, { provider, client: providerClient(provider, now) });
  }
  let swept = -Infinity;
  const originNow = (): string => (typeof origin === 'string' ? origin : origin()).replace(/\/$/, '');
  const back = (provider: Provider): string => `${originNow()}/sign-in/with/${provider.id}/back`;

  const refuse = async (id: string, code: ProviderErrorCode, from: From, account: string | null = null): Promise<Finished> => {
    const why = code === 'PROVIDER_REPLAY' ? 'replayed' : code === 'PROVIDER_EXPIRED' ? 'expired' : code === 'PROVIDER_DOWN' ? 'down' : 'refused';
    await acts.record({
      act: why === 'replayed' ? 'replayed' : 'signInFailed', owner: null, who: account ?? 'nobody', on: account, result: why === 'down' ? 'failed' : 'refused',
      detail: { way: 'oidc', provider: providers.has(id) ? id : 'unknown', code }, words: { address: from.address, agent: from.agent },
    });
    return { ok: false, why, code };
  };

  return {
    list: [...providers.values()].map(({ provider: { id, name } }) => ({ id, name })),

    async begin(id, { to, purpose, session = null }) {
      const found = providers.get(id);
      if (found === undefined) return { ok: false, code: 'PROVIDER_UNKNOWN' };
      const { provider, client } = found;
      try {
        const configuration = await client.configuration();
        if (now() - swept > sweepEvery) {
          swept = now();
          await sweepFlows(sql, swept);
        }
        const flow = await beginFlow(sql, { provider: id, to, purpose, session: purpose === 'again' && session !== null ? hashOf(session) : null, at: now() });
        const { state, nonce, verifier } = secretsOf(flow);
        const parameters = {
          redirect_uri: back(provider), scope: provider.scopes, response_type: 'code', state, nonce, code_challenge: await calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
          max_age: String(purpose === 'again' ? 0 : provider.maxAge), ...(purpose === 'again' ? { prompt: 'login' } : {}), ...(provider.acr.length === 0 ? {} : { acr_values: provider.acr.join(' ') }),
        };
        const address = provider.pushed ? await buildAuthorizationUrlWithPAR(configuration, parameters) : buildAuthorizationUrl(configuration, parameters);
        return { ok: true, address: address.href, flow };
      } catch (error) {
        if (isDatabase(error)) throw error;
        return { ok: false, code: 'PROVIDER_DOWN' };
      }
    },

    async finish(id, currentUrl, secret, from, session = null) {
      const found = providers.get(id);
      if (found === undefined) return await refuse(id, 'PROVIDER_UNKNOWN', from);
      if (secret === null) return await refuse(id, 'PROVIDER_FLOW', from);
      const flow = await takeFlow(sql, secret, now());
      if (flow === 'unknown') return await refuse(id, 'PROVIDER_FLOW', from);
      if (flow === 'replayed') return await refuse(id, 'PROVIDER_REPLAY', from);
      if (flow === 'expired') return await refuse(id, 'PROVIDER_EXPIRED', from);
      if (flow.provider !== id) return await refuse(id, 'PROVIDER_OTHER', from);
      if (!equals(currentUrl.searchParams.get('state') ?? '', secretsOf(secret).state)) return await refuse(id, 'PROVIDER_STATE', from);
      const { provider, client } = found;
      const answer = await ask(provider, client, flow, secret, new URL(`${back(provider)}${currentUrl.search}`));
      if (!answer.ok) return await refuse(id, answer.code, from);
      return await enter(provider, flow, answer, from, session);
    },

    async close() {
      await Promise.all([...providers.values()].map(({ client }) => client.close()));
    },
  };

  /** Who it is has been shown. Finds or makes the account, gives it the roles of its groups, and begins the session or makes it fresh. */
  async function enter(provider: Provider, flow: Flow, { subject, email, person, grants, factors }: Claimed, from: From, session: string | null): Promise<Finished> {
    const issuer = provider.issuer.href;
    const [known] = await sql<{ id: string; off: boolean }[]>`
      select id, disabled_at is not null or locked_at is not null as off from account where kind = 'oidc' and issuer = ${issuer} and subject = ${subject}`;
    // A directory or an official ended it: a provider that still knows the person does not bring it back.
    if (known?.off === true) return await refuse(provider.id, 'PROVIDER_ACCOUNT', from, known.id);
    if (known === undefined && (provider.known || grants?.length === 0)) return await refuse(provider.id, provider.known ? 'PROVIDER_ACCOUNT' : 'PROVIDER_GROUPS', from);
    if (flow.purpose === 'again') {
      const of = session === null || hashOf(session) !== flow.session ? null : await accounts.session(session);
      if (session === null || of === null || of.state === 'none' || known === undefined || of.person.account !== known.id) return await refuse(provider.id, 'PROVIDER_ACCOUNT', from, known?.id ?? null);
    }
    const made = await accounts.provision({ person, issuer, subject, externalId: null, login: email, grants, active: true }, { who: `provider ${provider.id}`, role: null }).catch(refusal);
    if (made === null) return await refuse(provider.id, 'PROVIDER_ACCOUNT', from, known?.id ?? null);
    const { account } = made;
    const done = flow.purpose === 'again' && session !== null ? await accounts.againProved(session, account, factors, from) : await accounts.signInProved(account, factors, from);
    if (!done.ok) return await refuse(provider.id, 'PROVIDER_ACCOUNT', from, account);
    // Whose session the browser had until now, it is not any more.
    if (flow.purpose === 'signIn' && session !== null) await accounts.signOut(session);
    return { ok: true, cookie: done.cookie, account: done.account, to: flow.to };
  }

  /** Exchanges the code, and reads what the provider says. */
  async function ask(provider: Provider, client: ProviderClient, flow: Flow, secret: string, currentUrl: URL): Promise<Claimed | { readonly ok: false; readonly code: ProviderErrorCode }> {
    const { state, nonce, verifier } = secretsOf(secret);
    try {
      const configuration = await client.configuration();
      // The age is looked at below, by the clock at which it was asked for; here only that it is stated.
      const tokens = await authorizationCodeGrant(configuration, currentUrl, { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true, maxAge: flowFor + provider.maxAge });
      const claims = tokens.claims();
      if (claims === undefined) return { ok: false, code: 'PROVIDER_TOKEN' };
      const more = provider.userinfo ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : {};
      return readClaims(provider, { ...more, ...claims }, flow.purpose === 'again' ? flow.at : flow.at - provider.maxAge * 1_000);
    } catch (error) {
      return { ok: false, code: codeOf(error) };
    }
  }
}

/** What a fault of the exchange with a provider is called here. Its text and its claims go no further. */
function codeOf(error: unknown): ProviderErrorCode {
  if (error instanceof ProviderError) return error.code;
  if (error instanceof AuthorizationResponseError) return error.error === 'login_required' || error.error === 'access_denied' ? 'PROVIDER_DENIED' : 'PROVIDER_TOKEN';
  if (error instanceof ResponseBodyError) return error.status >= 500 ? 'PROVIDER_DOWN' : 'PROVIDER_TOKEN';
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  const claim = claimOf(cause);
  if (claim === 'nonce') return 'PROVIDER_NONCE';
  if (claim === 'iss') return 'PROVIDER_ISSUER';
  if (claim === 'auth_time') return 'PROVIDER_STALE';
  if (code === 'OAUTH_TIMEOUT' || code === 'OAUTH_ABORT' || code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || code === 'OAUTH_RESPONSE_IS_NOT_JSON') return 'PROVIDER_DOWN';
  // What `fetch` says where nobody answers.
  if (error instanceof TypeError && (code === undefined || code === 'ECONNREFUSED')) return 'PROVIDER_DOWN';
  return 'PROVIDER_TOKEN';
}

function claimOf(cause: unknown): string | null {
  for (let at: unknown = cause, depth = 0; typeof at === 'object' && at !== null && depth < 4; at = (at as { cause?: unknown }).cause, depth += 1) {
    const { claim, message } = at as { readonly claim?: unknown; readonly message?: unknown };
    if (typeof claim === 'string') return claim;
    if (typeof message === 'string' && message.includes('"iss" (issuer)')) return 'iss';
    if (typeof message === 'string' && message.includes('auth_time')) return 'auth_time';
  }
  return null;
}

/** What accounts do not take, such as an address that is another person's, is a refusal; anything else is a fault. */
function refusal(error: unknown): null {
  if (error instanceof AccountError) return null;
  throw error;
}

/** A fault of the database is the exchange's own: it is no provider that is down. */
function isDatabase(error: unknown): boolean {
  return error instanceof Error && (error.name === 'PostgresError' || /^(CONNECTION|CONNECT)_/.test(String((error as { readonly code?: unknown }).code)));
}

