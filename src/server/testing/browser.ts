import type https from 'node:https';

import { call, type Called, type CallOptions } from './call.ts';

/** What a test does as a person with a browser: keeps cookies, says where a form came from, and does not follow redirects by itself. */
export interface TestBrowser {
  readonly cookies: Map<string, string>;
  /** Every address that was asked for, with what stood behind the question mark. */
  readonly addresses: string[];
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Called>;
  /** A form; `from` takes the place of this site's own origin. */
  post(path: string, fields: Readonly<Record<string, string>> | readonly (readonly [string, string])[], headers?: Readonly<Record<string, string>>): Promise<Called>;
  /** JSON, as the script of a page sends it. */
  json(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Called & { readonly value: Record<string, unknown> }>;
  /** Follows redirects from an answer to the page where they end. */
  follow(answer: Called): Promise<Called>;
}

export function testBrowser(url: string, agent?: https.Agent): TestBrowser {
  const cookies = new Map<string, string>();
  const addresses: string[] = [];
  const send = async (path: string, options: CallOptions): Promise<Called> => {
    addresses.push(path);
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await call(`${url}${path}`, { ...options, ...(agent === undefined ? {} : { agent }), headers: { accept: 'text/html,application/json', ...(cookie === '' ? {} : { cookie }), ...options.headers } });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    if (answer.headers.location !== undefined) addresses.push(answer.headers.location);
    return answer;
  };
  const browser: TestBrowser = {
    cookies,
    addresses,
    get: (path, headers = {}) => send(path, { headers }),
    post: (path, fields, headers = { origin: url }) => send(path, { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers }, body: new URLSearchParams(fields as Record<string, string>).toString() }),
    async json(method, path, body, headers = { origin: url }) {
      const answer = await send(path, { method, headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), accept: 'application/json', ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
      return { ...answer, value: JSON.parse(answer.body === '' ? '{}' : answer.body) as Record<string, unknown> };
    },
    async follow(answer) {
      let last = answer;
      for (let i = 0; i < 10 && last.headers.location !== undefined; i += 1) last = await browser.get(last.headers.location);
      return last;
    },
  };
  return browser;
}

/** The `type` of a problem without its prefix, or what a page of a problem says to the operator; empty where it is none. */
export function problemIn({ body, headers }: Called): string {
  if (!String(headers['content-type']).includes('problem+json')) return /For the operator: <code>(\w+)<\/code>/.exec(body)?.[1] ?? '';
  return (JSON.parse(body) as { readonly type: string }).type.replace('urn:weir:problem:', '');
}

/** The code of the part that refused. */
export function codeIn({ body }: Called): string {
  return (JSON.parse(body) as { readonly reasonCode?: string }).reasonCode ?? '';
}
