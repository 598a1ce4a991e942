import { landmarkOris } from '../demo/landmarks.ts';

/** What a request came to. */
export interface Said {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON; null where it is none. */
  readonly json: Record<string, unknown> | null;
}

/** Somebody at the exchange over HTTP, with a session or without. */
export interface Client {
  readonly account: string;
  send(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Said>;
}

/** Signs in as one of the demonstration's invented people, and accepts the notice. */
export async function persona(url: string, name: string): Promise<Client> {
  const page = await (await fetch(`${url}/sign-in`)).text();
  const account = new RegExp(`value="(A-[0-9A-Z]{12})"(?:(?!value="A-).)*>${name} `).exec(page)?.[1] ?? '';
  let cookie = '';
  const send = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Said> => {
    const form = body instanceof URLSearchParams;
    const response = await fetch(`${url}${path}`, {
      method, redirect: 'manual', headers: {
        origin: url, accept: 'application/json', ...(cookie === '' ? {} : { cookie }), ...(body === undefined ? {} : { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' }), ...headers,
      },
      ...(body === undefined ? {} : { body: form ? body.toString() : typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const set = response.headers.getSetCookie().find((one) => one.startsWith('weir='));
    if (set !== undefined) cookie = set.split(';')[0] ?? '';
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: jsonOf(text) };
  };
  const signed = await send('POST', '/sign-in/persona', new URLSearchParams({ account, to: '/desk' }));
  if (signed.status !== 303) throw new Error(`${name} could not sign in: ${signed.status} ${signed.text.slice(0, 200)}`);
  await send('POST', '/notice', new URLSearchParams({ to: '/desk' }));
  return { account, send };
}

/** A query whose photo and address Washington holds: a sheriff with a 287(g) agreement, who names no crime. In legacy text, with a control field. */
export async function heldByLegacy(url: string, control: string): Promise<{ readonly ticket: string; readonly text: string }> {
  const response = await fetch(`${url}/v1/inquiries`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: `DQ.${landmarkOris.sheriff287g}.WA.*${control}.TXT\nOLN/WDL3B7K902XM.IMQ/Y` });
  const text = await response.text();
  const ticket = /TICKET (WA-[0-9A-Z-]{19})/.exec(text)?.[1];
  if (ticket === undefined) throw new Error(`nothing was held: ${text.slice(0, 400)}`);
  return { ticket, text };
}

function jsonOf(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return null;
  }
}
