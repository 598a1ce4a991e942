import { lookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { DeliveryError } from './types.ts';

/** Whether a connection to an address may be made. */
export interface Network {
  /** The address as it is kept. Throws `DELIVERY_URL`. */
  check(url: string): URL;
  /** Looks a name up for a connection, and gives only addresses that are allowed: what is checked is what is connected to. */
  readonly lookup: Lookup;
}

type Answered = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;
export type Lookup = (hostname: string, options: LookupOptions, done: Answered) => void;

export interface NetworkOptions {
  /** Networks that are allowed though they are not public, as `10.20.0.0/16`. */
  readonly allow: readonly string[];
  /** The loopback demonstration: this machine itself, and without TLS too. */
  readonly allowLoopback: boolean;
  /** Looks up a name; that of the system unless told. */
  readonly resolve?: (hostname: string) => Promise<readonly LookupAddress[]>;
}

/**
 * Guards against an address that leads into a network of ours (server-side request forgery). Whoever may set an address controls its text and what its name leads to, at any later time too.
 * Throws a `DeliveryError` for a network in `allow` that is none.
 */
export function openNetwork({ allow, allowLoopback, resolve = resolveName }: NetworkOptions): Network {
  const allowed = new BlockList();
  for (const network of allow) addNetwork(allowed, network);
  const may = (address: string): boolean => {
    const plain = mapped(address);
    const family = isIP(plain) === 6 ? 'ipv6' : 'ipv4';
    if (isIP(plain) === 0) return false;
    if (allowed.check(plain, family)) return true;
    if (loopback.check(plain, family)) return allowLoopback;
    return family === 'ipv4' ? !closed.check(plain, family) : worldwide.check(plain, family) && !closed.check(plain, family);
  };
  return {
    check: (text) => checkUrl(text, may, allowLoopback),
    lookup: (hostname, options, done) => {
      resolve(hostname).then(
        (found) => {
          const wanted = found.filter(({ family }) => options.family === undefined || options.family === 0 || options.family === family || options.family === `IPv${family}`);
          const open = wanted.filter(({ address }) => may(address));
          const [first] = open;
          if (first === undefined) { done(fault(wanted.length === 0 ? 'ENOTFOUND' : 'WEIR_REFUSED'), ''); return; }
          if (options.all === true) done(null, open);
          else done(null, first.address, first.family);
        },
        () => done(fault('ENOTFOUND'), ''),
      );
    },
  };
}

/** Whether an address leads to this machine, so that TLS may be left out on the demonstration. */
function isLoopbackName(hostname: string): boolean {
  const plain = mapped(hostname.replace(/^\[|\]$/g, ''));
  return hostname === 'localhost' || (isIP(plain) !== 0 && loopback.check(plain, isIP(plain) === 6 ? 'ipv6' : 'ipv4'));
}

function checkUrl(text: string, may: (address: string) => boolean, allowLoopback: boolean): URL {
  const wrong = (message: string, mend: string): DeliveryError => new DeliveryError('DELIVERY_URL', message, mend);
  if (text.length > 500 || !/^[\x21-\x7e]+$/.test(text)) throw wrong('the address is too long, or has characters that an address does not', 'Give at most 500 characters, without spaces.');
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong('this is no address', 'Write it as https://host.example.org/path.');
  }
  const here = isLoopbackName(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && here && allowLoopback)) throw wrong('late answers are sent over https only', 'Give an address that begins with https://.');
  if (url.username !== '' || url.password !== '') throw wrong('an address with a name and password is not taken', 'Leave them out: every delivery is signed.');
  if (url.hash !== '') throw wrong('an address with a # is not taken', 'Leave out what follows the #.');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 ? !may(literal) : here && !allowLoopback) throw wrong('the address lies in a network that late answers may not be sent to', 'Give a public address, or have the operator allow the network: delivery.allow in the settings.');
  return url;
}

function resolveName(hostname: string): Promise<readonly LookupAddress[]> {
  return new Promise((done, fail) => lookup(hostname, { all: true, verbatim: true }, (error, found) => (error === null ? done(found) : fail(error))));
}

function fault(code: string): NodeJS.ErrnoException {
  return Object.assign(new Error('the name leads to no address that may be used'), { code });
}

/** An IPv4 address that is written as IPv6 is what it is. */
function mapped(address: string): string {
  const dotted = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (dotted !== undefined) return dotted;
  const hex = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(address);
  if (hex === null) return address;
  const [high, low] = [parseInt(hex[1] ?? '', 16), parseInt(hex[2] ?? '', 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

const loopback = listOf(['127.0.0.0/8', '::1/128']);
/** Not on the public network, or not for one host (RFC 6890 and the registries of IANA that it began); addresses that carry another one in them are here too. */
const closed = listOf([
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16',
  '192.175.48.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
  '2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20',
]);
/** All that is given out of IPv6 for single hosts. */
const worldwide = listOf(['2000::/3']);

function listOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) addNetwork(list, network);
  return list;
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', bits = ''] = network.split('/');
  const family = isIP(address);
  if (family === 0 || !/^\d{1,3}$/.test(bits) || Number(bits) > (family === 6 ? 128 : 32)) throw new DeliveryError('DELIVERY_URL', `\`${network.slice(0, 60)}\` is no network`, 'Write it as 10.20.0.0/16 or fd00::/8.');
  list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
}
