import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

import Provider from 'oidc-provider';

/** An invented person, as the provider knows them. May be changed at any time. */
export interface ProvidedPerson {
  readonly sub: string;
  readonly amr?: readonly string[] | undefined;
  readonly acr?: string;
  readonly [claim: string]: unknown;
}

/** A real OpenID Connect provider on loopback. Whoever comes is signed in as `person`, at once. */
export interface TestProvider {
  readonly issuer: string;
  person: ProvidedPerson;
  /** What becomes of an ID token on its way from the provider. */
  tamper: (idToken: string) => string;
  /** Seconds by which the time of signing in is put back. */
  early: number;
  stop(): Promise<void>;
  /** Listens again, at the same address. */
  start(): Promise<void>;
}

const claims = [
  'email', 'email_verified', 'name', 'given_name', 'family_name', 'groups', 'employeeNumber', 'oid', 'gfipm:2.0:user:EmployerORI', 'gfipm:2.0:user:SwornLawEnforcementOfficerIndicator',
  'nief:1.0:user:UnitedStatesLawEnforcementOfficerIndicator', 'gfipm:2.0:user:NCICCertificationIndicator',
];

/** Starts one for one client, `weir`, whose answers go to `redirectUri`. Claims go into the ID token. */
export async function startIdentityProvider(redirectUris: readonly string[], person: ProvidedPerson, tls?: { readonly key: string; readonly cert: string }): Promise<TestProvider> {
  const make = (): Server => (tls === undefined ? createServer() : createTlsServer(tls));
  let server = make();
  await listen(server, 0);
  const { port } = server.address() as AddressInfo;
  const issuer = tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`;
  const handle: TestProvider = {
    issuer, person, early: 0, tamper: (idToken) => idToken, stop: async () => await close(server),
    start: async () => {
      server = make().on('request', answer);
      await listen(server, port);
    },
  };
  const provider: Provider = new Provider(issuer, {
    clients: [{ client_id: 'weir', client_secret: 'a secret of the test', redirect_uris: [...redirectUris], response_types: ['code'], grant_types: ['authorization_code'] }],
    claims: { openid: ['sub', 'amr', 'acr', ...claims], email: [], profile: [] },
    conformIdTokenClaims: false,
    acrValues: ['urn:example:two-factors'],
    pkce: { required: () => true },
    cookies: { keys: ['a key of the test'] },
    features: { devInteractions: { enabled: false }, pushedAuthorizationRequests: { enabled: true } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ ...handle.person, sub: accountId }) }),
    // Whoever signs in agrees to everything: consent is between the provider and its people.
    loadExistingGrant: async (ctx) => {
      const { client, session } = ctx.oidc;
      if (client === undefined || session?.accountId === undefined) return undefined;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile email');
      grant.addOIDCClaims(claims);
      await grant.save();
      return grant;
    },
  });
  const callback = provider.callback();
  function answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.url === '/token') alterToken(response, (token) => handle.tamper(token));
    if (request.url?.startsWith('/interaction/') !== true) return void callback(request, response);
    const { sub, amr, acr } = handle.person;
    provider.interactionFinished(request, response, {
      login: { accountId: sub, ts: Math.floor(Date.now() / 1_000) - handle.early, ...(amr === undefined ? {} : { amr: [...amr] }), ...(acr === undefined ? {} : { acr }) },
    }, { mergeWithLastSubmission: false }).catch((error: unknown) => response.writeHead(500).end(String(error)));
  }
  server.on('request', answer);
  return handle;
}

/** Has the ID token of an answer altered before it is sent. */
function alterToken(response: ServerResponse, tamper: (idToken: string) => string): void {
  const end = response.end.bind(response) as (body: string) => ServerResponse;
  response.end = ((body: unknown) => {
    const text = String(body);
    const answer = JSON.parse(text) as { id_token?: string };
    const altered = answer.id_token === undefined ? text : JSON.stringify({ ...answer, id_token: tamper(answer.id_token) });
    response.setHeader('content-length', Buffer.byteLength(altered));
    return end(altered);
  }) as typeof response.end;
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
