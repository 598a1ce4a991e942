import autocannon from 'autocannon';

/** What one round of load gave. Latencies in milliseconds. */
export interface Round {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly errors: number;
  readonly non2xx: number;
}

export interface LoadOptions {
  readonly url: string;
  readonly bodies: readonly string[];
  readonly contentType: string;
  readonly connections: number;
  readonly seconds: number;
  /** Offered per second in all; as many as possible unless told. */
  readonly rate?: number;
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string };
}

/** Sends bodies in turn over keep-alive connections. Loopback only. */
export async function load(options: LoadOptions): Promise<Round> {
  const { url, bodies, contentType, connections, seconds, rate, tls } = options;
  let next = 0;
  const result = await autocannon({
    url, connections, duration: seconds, ...(rate === undefined ? {} : { overallRate: rate }),
    ...(tls === undefined ? {} : { tlsOptions: { ...tls, servername: 'localhost' } }),
    // Each connection gets a share of its own: to hand all of them to each would cost more than the load itself.
    setupClient: (client) => {
      client.setRequests(Array.from({ length: Math.min(64, bodies.length) }, () => ({
        method: 'POST' as const, path: '/v1/inquiries', headers: { 'content-type': contentType }, body: bodies[next++ % bodies.length] ?? '',
      })));
    },
  });
  return {
    perSecond: result.requests.total / result.duration, p50: result.latency.p50, p99: result.latency.p99, errors: result.errors + result.timeouts, non2xx: result.non2xx,
  };
}

/** The middle of several rounds, by rate. */
export function median(rounds: readonly Round[]): Round {
  const sorted = [...rounds].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no round');
  return middle;
}
