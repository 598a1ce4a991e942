import { connect as dial, createServer, type AddressInfo, type Socket } from 'node:net';

/** A wire to a database that can be cut: what comes to its end then is hung up on. */
export interface Tap {
  /** The address of the database, through the wire. */
  readonly url: string;
  cut(): void;
  mend(): void;
}

/** Lays a wire to the database at `address`. What is open when it is cut, is lost. The end is kept all the time, so that nobody else can take its port. */
export async function tap(address: string): Promise<Tap> {
  const real = new URL(address);
  const ends = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) {
      near.on('error', () => undefined).destroy();
      return;
    }
    const far = dial({ host: real.hostname, port: Number(real.port) });
    for (const [one, other] of [[near, far], [far, near]] as const) {
      ends.add(one);
      one.pipe(other).on('error', () => other.destroy());
      one.on('error', () => other.destroy()).on('close', () => { ends.delete(one); other.destroy(); });
    }
  }).unref();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const url = new URL(address);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut: () => {
      whole = false;
      for (const end of ends) end.destroy();
    },
    mend: () => { whole = true; },
  };
}
