import { connect as dial, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A wire to a database that can be cut: nobody answers at its end then. */
export interface Tap {
  /** The address of the database, through the wire. */
  readonly url: string;
  cut(): Promise<void>;
  mend(): Promise<void>;
}

/** Lays a wire to the database at `address`. What is open when it is cut, is lost. */
export async function tap(address: string): Promise<Tap> {
  const real = new URL(address);
  const ends = new Set<Socket>();
  const server: Server = createServer((near) => {
    const far = dial({ host: real.hostname, port: Number(real.port) });
    for (const [one, other] of [[near, far], [far, near]] as const) {
      ends.add(one);
      one.pipe(other).on('error', () => other.destroy());
      one.on('error', () => other.destroy()).on('close', () => { ends.delete(one); other.destroy(); });
    }
  });
  const open = async (port: number): Promise<void> => new Promise((resolve) => { server.listen(port, '127.0.0.1', resolve); });
  await open(0);
  const { port } = server.address() as AddressInfo;
  const url = new URL(address);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    cut: async () => {
      for (const end of ends) end.destroy();
      await new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    },
    mend: async () => open(port),
  };
}
