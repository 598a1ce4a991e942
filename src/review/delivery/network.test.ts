import { describe, expect, it } from 'vitest';
import { openNetwork, type Network } from './network.ts';

const strict = openNetwork({ allow: [], allowLoopback: false });
const codeOf = (network: Network, url: string): string => {
  try {
    return network.check(url).href;
  } catch (error) {
    return (error as { code: string }).code;
  }
};
const found = (network: Network, name: string): Promise<string> => new Promise((done) => network.lookup(name, { all: true }, (error, addresses) => done(error === null ? JSON.stringify(addresses) : String(error.code))));

describe('where late answers may be sent', () => {
  it.each([
    'http://agency.example.org/', 'ftp://agency.example.org/', 'https://user:secret@agency.example.org/', 'https://agency.example.org/#part', 'https://', 'not an address', 'https://agency.example.org/a b',
    'https://10.1.2.3/', 'https://192.168.0.1/', 'https://172.31.255.255/', 'https://169.254.169.254/latest', 'https://127.0.0.1/', 'https://2130706433/', 'https://0x7f.1/', 'https://0/', 'https://100.64.0.1/',
    'https://[::1]/', 'https://[::]/', 'https://[fd00::1]/', 'https://[fe80::1]/', 'https://[::ffff:10.0.0.1]/', 'https://[64:ff9b::a00:1]/', 'https://[2002:a00:1::]/', 'https://localhost/', 'https://224.0.0.1/', 'https://255.255.255.255/',
    `https://agency.example.org/${'a'.repeat(500)}`,
  ])('not %s', (url) => expect(codeOf(strict, url)).toBe('DELIVERY_URL'));

  it.each(['https://agency.example.org/late', 'https://8.8.8.8/', 'https://[2606:4700::1111]/', 'https://agency.example.org:8443/a?b=c'])('%s', (url) => expect(codeOf(strict, url)).toBe(url));

  it('to this machine only on the demonstration, and there without TLS too', () => {
    const demo = openNetwork({ allow: [], allowLoopback: true });
    expect(codeOf(demo, 'http://127.0.0.1:8080/')).toBe('http://127.0.0.1:8080/');
    expect(codeOf(demo, 'http://localhost:8080/')).toBe('http://localhost:8080/');
    expect(codeOf(demo, 'http://agency.example.org/')).toBe('DELIVERY_URL');
    expect(codeOf(demo, 'https://10.0.0.1/')).toBe('DELIVERY_URL');
  });

  it('into a private network that the operator named, and into no other', () => {
    const some = openNetwork({ allow: ['10.20.0.0/16', 'fd00:1::/32'], allowLoopback: false });
    expect(codeOf(some, 'https://10.20.3.4/')).toBe('https://10.20.3.4/');
    expect(codeOf(some, 'https://[fd00:1::5]/')).toBe('https://[fd00:1::5]/');
    expect(codeOf(some, 'https://10.21.0.1/')).toBe('DELIVERY_URL');
    expect(codeOf(some, 'http://10.20.3.4/')).toBe('DELIVERY_URL');
    for (const network of ['10.20.0.0', '10.20.0.0/33', 'a/8', '/8']) expect(() => openNetwork({ allow: [network], allowLoopback: false })).toThrow(expect.objectContaining({ code: 'DELIVERY_URL' }));
  });

  it('not by a name that leads into a private network, at the moment of the connection', async () => {
    const names: Record<string, readonly string[]> = { inside: ['10.0.0.7'], mixed: ['10.0.0.7', '93.184.216.34'], outside: ['93.184.216.34'], mapped: ['::ffff:127.0.0.1'] };
    const network = openNetwork({ allow: [], allowLoopback: false, resolve: (name) => (names[name] === undefined ? Promise.reject(new Error('none')) : Promise.resolve(names[name].map((address) => ({ address, family: address.includes(':') ? 6 : 4 })))) });
    expect(await found(network, 'inside')).toBe('WEIR_REFUSED');
    expect(await found(network, 'mapped')).toBe('WEIR_REFUSED');
    expect(await found(network, 'nothing')).toBe('ENOTFOUND');
    expect(await found(network, 'outside')).toBe('[{"address":"93.184.216.34","family":4}]');
    // Only the address that is allowed is left to connect to.
    expect(await found(network, 'mixed')).toBe('[{"address":"93.184.216.34","family":4}]');
  });
});
