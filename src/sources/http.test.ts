import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SourceQuery, SourceResult } from '../exchange/ports.ts';
import type { Subject } from '../model/index.ts';
import { testAuthority } from '../server/testing/certificates.ts';
import { openSources, type SourceBook } from './book.ts';
import { faultCases, licence, patient, question, sourceCases } from './cases.ts';
import { startFaultProxy, type FaultProxy } from './faultProxy.ts';
import { drivers, history, pictures, vehicles, type SampleRow } from './sampleRecords.ts';
import type { SourceSettings } from './settings.ts';

const mapping = 'owners: [WA, OR]\nconnection: service\ndialect: http\n';

describe('a service over HTTP', () => {
  let server: Server;
  let book: SourceBook;

  beforeAll(async () => {
    server = await listening(createServer(service));
    book = await opened(server);
  });

  afterAll(async () => {
    await book.close();
    await ended(server);
  });

  sourceCases(() => book);

  describe('behind a wire that breaks', () => {
    let wire: FaultProxy;
    let fragile: SourceBook;

    beforeAll(async () => {
      wire = await startFaultProxy((server.address() as AddressInfo).port);
      fragile = await openSources([{ name: 'a.yaml', text: mapping }], {
        connections: { service: `http://127.0.0.1:${wire.port}/` }, timeoutMs: 400, breaker: { minMs: 20, maxMs: 100 },
      });
    });

    afterAll(async () => {
      await fragile.close();
      await wire.close();
    });

    faultCases(() => fragile, () => wire);
  });

  const record = (body: object): string => JSON.stringify({ status: 'found', more: false, records: [body] });
  const wrong: Record<string, readonly [number, string]> = {
    'a page that says 404': [404, '{"status":"none"}'],
    'a failure': [500, '{"status":"none"}'],
    'an empty body': [200, ''],
    'text': [200, 'NO RECORD'],
    'another status': [200, '{"status":"no record"}'],
    'a member too many': [200, '{"status":"none","note":"x"}'],
    'found without records': [200, '{"status":"found","records":[],"more":false}'],
    'a class that was not asked for': [200, record({ name: { surname: 'A', given: '', middle: '' }, ssn: '900-00-0000' })],
    'an unknown class': [200, record({ shoeSize: 44 })],
    'a date that is none': [200, record({ birthDate: '02/29/1980' })],
    'a member of the prototype': [200, '{"status":"found","more":false,"records":[{"__proto__":{"ssn":"1"}}]}'],
    'more records than asked for': [200, JSON.stringify({ status: 'found', more: false, records: [{}, {}, {}] })],
    'a body without end': [200, `{"status":"none"${' '.repeat(70_000)}}`],
  };

  it.each(Object.entries(wrong))('takes %s for unavailable, never for an answer', async (_what, [status, body]) => {
    const odd = await listening(createServer((_request, response) => response.writeHead(status, { 'content-type': 'application/json' }).end(body)));
    const sources = await opened(odd, { maxBytes: 65_536 });
    try {
      const result = await sources.of('WA')?.lookup({ key: 'DQ', subject: licence('X'), classes: ['name', 'birthDate'], limit: 2 });
      expect(result?.status).toBe('unavailable');
    } finally {
      await sources.close();
      await ended(odd);
    }
  });

  it('sends its name and password as a header and keeps them out of the address', async () => {
    const seen: (string | undefined)[] = [];
    const odd = await listening(createServer((request, response) => {
      seen.push(request.headers.authorization, request.url);
      response.end('{"status":"none"}');
    }));
    const sources = await openSources([{ name: 'a.yaml', text: mapping }], { connections: { service: `http://weir:p%40ss@127.0.0.1:${(odd.address() as AddressInfo).port}/records` }, ...patient });
    expect(await sources.of('WA')?.lookup(question(licence('X')))).toEqual({ status: 'none' });
    expect(seen).toEqual([`Basic ${Buffer.from('weir:p@ss').toString('base64')}`, '/records']);
    await sources.close();
    await ended(odd);
  });

  it('shows its certificate, and believes only a service that its authority has signed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'weir-test-tls-'));
    const [authority, other] = await Promise.all([testAuthority('authority'), testAuthority('other')]);
    const [owner, exchange] = await Promise.all([authority.issue('owner', 'server'), authority.issue('exchange', 'client')]);
    const path = async (name: string, text: string): Promise<string> => {
      await writeFile(join(folder, name), text, { mode: 0o600 });
      return join(folder, name);
    };
    const tls = await listening(createTlsServer({ key: owner.key, cert: owner.cert, ca: authority.cert, requestCert: true, rejectUnauthorized: true }, service));
    const url = `https://127.0.0.1:${(tls.address() as AddressInfo).port}/`;
    const ask = async (connection: { readonly ca?: string; readonly cert?: string; readonly key?: string }): Promise<SourceResult | undefined> => {
      const sources = await openSources([{ name: 'a.yaml', text: mapping }], { connections: { service: { url, ...connection } }, ...patient });
      try {
        return await sources.of('WA')?.lookup(question(licence('WDL0000001'), ['ssn']));
      } finally {
        await sources.close();
      }
    };
    try {
      const ca = await path('ca', authority.cert);
      const ours = { cert: await path('cert', exchange.cert), key: await path('key', exchange.key) };
      expect(await ask({ ca, ...ours })).toMatchObject({ status: 'found' });
      expect(await ask({ ca })).toEqual({ status: 'unavailable', why: 'down' });
      expect(await ask({ ca: await path('other', other.cert), ...ours })).toEqual({ status: 'unavailable', why: 'down' });
    } finally {
      await ended(tls);
      await rm(folder, { recursive: true });
    }
  });
});

/** An owner's service as docs/sources.md describes it, over the sample records. */
const service: RequestListener = (request, response) => {
  void bodyOf(request).then(text => {
    const { owner, subject, classes, limit } = JSON.parse(text) as SourceQuery & { readonly owner: string };
    const found = subjectRows(owner, subject).map((row): Record<string, unknown> => Object.fromEntries(classes.map((c): readonly [string, unknown] => [c, member(row, c)])));
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(found.length === 0 ? { status: 'none' } : { status: 'found', records: found.slice(0, limit), more: found.length > limit }));
  });
};

function subjectRows(owner: string, subject: Subject): readonly SampleRow[] {
  const ours = (rows: readonly SampleRow[]): readonly SampleRow[] => rows.filter(row => row['owner'] === owner);
  const owned: readonly SampleRow[] = ours(vehicles).map(row => ({ ...row, ...prefixed(ours(drivers).find(d => d['licence_number'] === row['licence_number'])) }));
  const starts = (value: unknown, prefix: string): boolean => prefix === '' || (typeof value === 'string' && value.startsWith(prefix));
  switch (subject.kind) {
    case 'licence': return ours(drivers).filter(d => d['licence_number'] === subject.number);
    case 'person': return ours(drivers).filter(d => d['surname'] === subject.name.surname && (subject.name.given === '' || d['given'] === subject.name.given)
      && d['birth_date'] === subject.birthDate && (subject.sex === null || subject.sex === 'U' || d['sex'] === subject.sex));
    case 'name': return ours(drivers).filter(d => d['surname'] === subject.name.surname && starts(d['given'], subject.name.given));
    case 'plate': return owned.filter(v => v['plate'] === subject.plate && (subject.plateType === null || v['plate_type'] === subject.plateType));
    case 'vin': return owned.filter(v => v['vin'] === subject.vin);
    case 'owner': return owned.filter(v => v['owner_surname'] === subject.name.surname && starts(v['owner_given'], subject.name.given));
    case 'partialPlate': {
      const pattern = new RegExp(`^${subject.pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`);
      return owned.filter(v => pattern.test(String(v['plate'])) && (subject.plateType === null || v['plate_type'] === subject.plateType));
    }
  }
}

function prefixed(driver: SampleRow | undefined): SampleRow {
  return Object.fromEntries(Object.entries(driver ?? {}).map(([column, value]) => [`owner_${column}`, value]));
}

function member(row: SampleRow, dataClass: string): unknown {
  const of = (column: string): string | undefined => (row[column] === null || row[column] === undefined ? undefined : String(row[column]));
  const list = (column: string): string[] | undefined => of(column)?.split(',').map(item => item.trim());
  const number = (column: string): number | undefined => (typeof row[column] === 'number' ? row[column] : undefined);
  const picture = (column: string): unknown => {
    const found = pictures.find(p => p['id'] === row[column]);
    return found === undefined ? undefined : { mediaType: found['media_type'], bytes: Buffer.from(found['bytes'] as Uint8Array).toString('base64') };
  };
  const name = (prefix: string): object => ({ surname: of(`${prefix}surname`), given: of(`${prefix}given`) ?? '', middle: of(`${prefix}middle`) ?? '' });
  const address = (prefix: string): object => ({ street: of(`${prefix}street`), city: of(`${prefix}city`), county: of(`${prefix}county`), state: of(`${prefix}state`), zip: of(`${prefix}zip`) });
  if (row['vin'] !== undefined) {
    if (dataClass === 'registeredOwner') return of('owner_surname') === undefined ? undefined : { name: name('owner_'), address: address('owner_') };
    if (dataClass !== 'vehicleRegistration') return undefined;
    return { plate: of('plate'), plateType: of('plate_type'), plateYear: of('plate_year'), vin: of('vin'), make: of('make'), model: of('model'), style: of('style'), colour: of('colour'), year: of('year'), expires: of('expires') };
  }
  switch (dataClass) {
    case 'licenceNumber': return { number: of('licence_number'), jurisdiction: of('owner') };
    case 'licenceStatus': return of('status') === undefined ? undefined : {
      status: of('status'), licenceClass: of('licence_class'), issued: of('issued'), expires: of('expires'), restrictions: list('restrictions'), endorsements: list('endorsements'),
    };
    case 'name': return name('');
    case 'birthDate': return of('birth_date');
    case 'description': return of('sex') === undefined ? undefined : { sex: of('sex'), height: number('height'), weight: number('weight'), eyes: of('eyes'), hair: of('hair') };
    case 'address': return of('state') === undefined ? undefined : address('');
    case 'photo': return picture('portrait');
    case 'signature': return picture('signature');
    case 'ssn': return of('ssn');
    case 'medical': return list('medical');
    case 'immigrationDocuments': return of('immigration_type') === undefined ? undefined : [{ type: of('immigration_type'), number: of('immigration_number'), expires: of('immigration_expires') }];
    case 'driverHistory': return history.filter(h => h['owner'] === row['owner'] && h['licence_number'] === row['licence_number'])
      .map(({ date, kind, code, text, jurisdiction }) => ({ date, kind, code, text, jurisdiction })).sort((a, b) => String(b.date).localeCompare(String(a.date)));
    default: return undefined;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

function opened(server: Server, settings: SourceSettings = {}): Promise<SourceBook> {
  return openSources([{ name: 'a.yaml', text: mapping }], { ...patient, ...settings, connections: { service: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` } });
}

async function listening<S extends Server>(server: S): Promise<S> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function ended(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
}
