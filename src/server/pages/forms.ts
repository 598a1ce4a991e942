import type { FastifyInstance, FastifyRequest } from 'fastify';

/** Lets the routes of a scope take forms, up to 64 KiB unless told. Only there: nothing else takes this type, which another site's page could send. */
export function takeForms(scope: FastifyInstance, bodyLimit = 65_536): void {
  scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string', bodyLimit }, (_request, body, next) => next(null, body));
}

/** The fields of a form that was sent; of several of one name the first counts. */
export function fieldsOf(request: FastifyRequest): URLSearchParams {
  return new URLSearchParams(typeof request.body === 'string' ? request.body : '');
}

/** One field, without white space around it; empty where it was not sent. At most `longest` characters are taken. */
export function field(fields: URLSearchParams, name: string, longest = 2_000): string {
  return (fields.get(name) ?? '').trim().slice(0, longest);
}

/** Where to go on after a form: only an address of this site. */
export function safeTo(to: string | null | undefined, otherwise = '/desk'): string {
  return typeof to === 'string' && /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(to) ? to : otherwise;
}
