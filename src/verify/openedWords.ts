import type { JsonObject } from './openingShape.ts';

/** An entry in one line for a person, from what of it is open. */
export function entryWords(fields: ReadonlyMap<string, JsonObject>): string {
  const of = (field: string, member: string): unknown => fields.get(field)?.[member];
  const when = plain(of('time', 'at')) ?? plain(of('day', 'day')) ?? 'at a time that is not open';
  const body = fields.get('body');
  if (body !== undefined) return `${when}: ${plain(of('entry', 'type')) ?? 'an entry'}${membersOf(body)}`;
  const requester = fields.get('requester')?.['requester'];
  const asker = isObject(requester) ? `${plain(requester['organisation']) ?? '?'} (${plain(requester['ori']) ?? '?'})` : 'somebody';
  const behalf = of('behalf', 'onBehalfOf');
  const key = plain(of('message', 'key'));
  const purpose = plain(of('reason', 'purpose'));
  const status = plain(of('outcome', 'status'));
  const released = of('given', 'released');
  const records = of('given', 'records');
  const version = of('rules', 'policyVersion');
  return [
    `${when}: ${asker}${isObject(behalf) ? ` for ${plain(behalf['ori']) ?? '?'}` : ''} asked${key === null ? '' : ` ${key}`}${purpose === null ? '' : `, purpose ${purpose}`}`,
    ...(status === null ? [] : [`answer ${status}`]),
    ...(Array.isArray(released) && released.length > 0 ? [`given ${released.map((one) => plain(one) ?? '?').join(', ')}${typeof records === 'number' ? ` of ${String(records)} record${records === 1 ? '' : 's'}` : ''}`] : []),
    ...(typeof version === 'number' ? [`policy ${String(version)}`] : []),
  ].join('; ');
}

function membersOf(body: JsonObject): string {
  const words = Object.entries(body).flatMap(([name, value]) => {
    const one = plain(value);
    return one === null || one.length > 60 ? [] : [`${name} ${one}`];
  });
  return words.length === 0 ? '' : `, ${words.join(', ')}`;
}

/** A word or a number. Control characters could rewrite a terminal, and whoever wrote the entry chose them. */
function plain(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' ? value.replaceAll(/\p{Cc}|\p{Cf}/gu, '\u00b7') : null;
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
