const cache = new Map<string, boolean>();
const maxCached = 256;

/**
 * True where a request with this `Accept` header takes an answer of the media type (RFC 9110, 12.5.1; parameters but `q` are ignored).
 * The header comes from outside: what was worked out is kept, up to a fixed number.
 */
export function accepts(header: string | undefined, type: string): boolean {
  if (header === undefined || header === '*/*' || header === type) return true;
  const key = `${type} ${header}`;
  let known = cache.get(key);
  if (known === undefined) {
    known = read(header, type);
    if (key.length <= 200 && cache.size < maxCached) cache.set(key, known);
  }
  return known;
}

/** The most exact range decides, and `q=0` there says no. */
function read(header: string, type: string): boolean {
  const family = `${type.slice(0, type.indexOf('/'))}/*`;
  let rank = 0;
  let taken = false;
  for (const part of header.toLowerCase().split(',')) {
    const [range = '', ...parameters] = part.split(';').map((text) => text.trim());
    const exactness = range === type ? 3 : range === family ? 2 : range === '*/*' ? 1 : 0;
    if (exactness === 0 || exactness < rank) continue;
    const wanted = !parameters.some((parameter) => /^q=0(?:\.0*)?$/.test(parameter));
    taken = exactness === rank ? taken || wanted : wanted;
    rank = exactness;
  }
  return taken;
}
