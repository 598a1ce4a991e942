import http from 'node:http';
import https from 'node:https';

export interface CallOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  readonly agent?: https.Agent;
}

export interface Called {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** One request over a real socket. Without an agent the connection is closed after it. */
export function call(url: string, { method, headers = {}, body, agent }: CallOptions = {}): Promise<Called> {
  return new Promise((resolve, reject) => {
    const options = { method: method ?? (body === undefined ? 'GET' : 'POST'), headers, ...(agent === undefined ? { agent: false as const } : { agent }) };
    const request = (url.startsWith('https') ? https : http).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** A query in legacy text. */
export function inquire(url: string, options: CallOptions = {}): Promise<Called> {
  return call(`${url}/v1/inquiries`, { body: 'DQ.ZZ0000101.WA.TXT OLN/INVENTED1.', ...options, headers: { 'content-type': 'text/plain', ...options.headers } });
}
