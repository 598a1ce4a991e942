import { readFile } from 'node:fs/promises';

import { allowInsecureRequests, ClientSecretBasic, customFetch, discovery, enableNonRepudiationChecks, None, type Configuration, type CustomFetch } from 'openid-client';
import { Agent, fetch as undiciFetch, type RequestInit } from 'undici';

import { ProviderError } from './errors.ts';
import { isLoopback, type Provider } from './settings.ts';

/** How a provider is reached. Its description is read when it is first needed, again where that failed, and anew every hour. */
export interface ProviderClient {
  /** Throws `PROVIDER_DOWN`. */
  configuration(): Promise<Configuration>;
  close(): Promise<void>;
}

/** How long a description counts, and how long after a failure nobody asks again: a provider that is down is not also flooded. Milliseconds. */
const descriptionFor = 3_600_000;
const restFor = 1_000;
/** For every call, in seconds: somebody waits with a browser. */
const patience = 8;
const mostBytes = 1_048_576;

/** Makes the client of one provider. Nothing is sent before it is needed. */
export function providerClient(provider: Provider, now: () => number = Date.now): ProviderClient {
  let known: { readonly at: number; readonly configuration: Promise<Configuration> } | null = null;
  let failedAt = -Infinity;
  let agent: Promise<Agent> | null = null;
  const send = async (url: string, init: object): Promise<unknown> => {
    const { protocol, hostname } = new URL(url);
    // What the description names could lead anywhere: no plain text over a network.
    if (protocol !== 'https:' && !(provider.plain && isLoopback(hostname))) throw new ProviderError('PROVIDER_DOWN', 'the provider names an address without TLS', 'Ask the provider.');
    return await undiciFetch(url, { ...(init as RequestInit), dispatcher: await (agent ??= agentOf(provider)) });
  };
  const discover = async (): Promise<Configuration> => {
    const secret = await secretOf(provider);
    return await discovery(provider.issuer, provider.clientId, secret ?? {}, secret === null ? None() : ClientSecretBasic(secret), {
      // Deprecated only so that it stands out: it is for a provider on this machine, and `send` holds every address against that.
      // eslint-disable-next-line @typescript-eslint/no-deprecated -- see above
      [customFetch]: send as CustomFetch, timeout: patience, execute: provider.plain ? [allowInsecureRequests, enableNonRepudiationChecks] : [enableNonRepudiationChecks],
    });
  };
  return {
    async configuration() {
      if (known !== null && now() - known.at < descriptionFor) return await known.configuration;
      if (now() - failedAt < restFor) throw down(provider);
      const attempt = { at: now(), configuration: discover() };
      known = attempt;
      try {
        return await attempt.configuration;
      } catch (error) {
        failedAt = now();
        if (known === attempt) known = null;
        throw down(provider, error);
      }
    },
    async close() {
      await (await agent?.catch(() => null))?.close();
    },
  };
}

/** The connections of one provider: few, and bounded in what they take in. */
async function agentOf({ ca }: Provider): Promise<Agent> {
  return new Agent({ connections: 8, maxResponseSize: mostBytes, headersTimeout: patience * 1_000, bodyTimeout: patience * 1_000, connect: { timeout: patience * 1_000, ...(ca === null ? {} : { ca: await readFile(ca, 'utf8') }) } });
}

async function secretOf({ clientSecret, clientSecretFile }: Provider): Promise<string | null> {
  return clientSecretFile === null ? clientSecret : (await readFile(clientSecretFile, 'utf8')).trim();
}

function down({ id }: Provider, cause?: unknown): ProviderError {
  return new ProviderError('PROVIDER_DOWN', `the provider \`${id}\` cannot be reached, or does not describe itself`, 'Look at <issuer>/.well-known/openid-configuration from this machine, and at the files that the settings name.', { cause });
}
