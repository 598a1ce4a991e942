import type { Listener } from '../deps.ts';

/** The name of the session's cookie: with the prefix that binds it to this very host wherever there is TLS. */
export function cookieName(listener: Listener): string {
  return listener.kind === 'http' ? 'weir' : '__Host-weir';
}

/** The secret in a `Cookie` header; null where there is none, or two: a second one could have been planted. */
export function cookieOf(header: string | undefined, name: string): string | null {
  if (header === undefined) return null;
  const found = header.split(';').map((part) => part.trim()).filter((part) => part.startsWith(`${name}=`)).map((part) => part.slice(name.length + 1));
  return found.length === 1 && /^[A-Za-z0-9_-]{43}$/.test(found[0] ?? '') ? (found[0] ?? null) : null;
}

/** A `Set-Cookie` value. `Lax`, so that a link into the console works; whatever changes something must come from here (`foreign`). An empty secret ends the cookie. */
export function setCookie(listener: Listener, secret: string, maxAge: number): string {
  const secure = listener.kind === 'http' ? '' : '; Secure';
  return `${cookieName(listener)}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${secret === '' ? 0 : maxAge}${secure}`;
}
