import autocannon from 'autocannon';
import { Pool } from 'undici';

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
  readonly tls?: { readonly key: string; readonly cert: string; readonly ca: string };
}

/** Sends bodies in turn over keep-alive connections. Loopback only. */
export async function load(options: LoadOptions): Promise<Round> {
  const { url, bodies, contentType, connections, seconds, tls } = options;
  let next = 0;
  const result = await autocannon({
    url, connections, duration: seconds,
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

/** Offers queries at a fixed pace, whether or not earlier ones were answered; a latency counts from when its query was due. */
export async function pace({ url, bodies, contentType, connections, seconds, rate }: LoadOptions & { readonly rate: number }): Promise<Round> {
  const pool = new Pool(url, { connections, pipelining: 1 });
  const latencies: number[] = [];
  let errors = 0;
  let non2xx = 0;
  const one = async (body: string, due: number): Promise<void> => {
    try {
      const answer = await pool.request({ method: 'POST', path: '/v1/inquiries', headers: { 'content-type': contentType }, body });
      await answer.body.dump();
      if (answer.statusCode >= 300) non2xx += 1;
      latencies.push(performance.now() - due);
    } catch {
      errors += 1;
    }
  };
  const began = performance.now();
  const sent: Promise<void>[] = [];
  await new Promise<void>((done) => {
    const timer = setInterval(() => {
      const now = performance.now();
      while (sent.length < rate * seconds && began + (sent.length * 1000) / rate <= now) sent.push(one(bodies[sent.length % bodies.length] ?? '', began + (sent.length * 1000) / rate));
      if (sent.length < rate * seconds) return;
      clearInterval(timer);
      done();
    }, 1);
  });
  await Promise.all(sent);
  const took = (performance.now() - began) / 1000;
  await pool.close();
  latencies.sort((a, b) => a - b);
  const at = (share: number): number => Math.round((latencies[Math.floor(latencies.length * share)] ?? 0) * 10) / 10;
  return { perSecond: latencies.length / took, p50: at(0.5), p99: at(0.99), errors, non2xx };
}

/** The middle of several rounds, by rate. */
export function median(rounds: readonly Round[]): Round {
  const sorted = [...rounds].sort((a, b) => a.perSecond - b.perSecond);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error('no round');
  return middle;
}
