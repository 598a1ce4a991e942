import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** What the wire does to what passes: nothing, cuts it and takes no more, holds it, or answers with rubbish. */
export type WireMode = 'pass' | 'cut' | 'hold' | 'garbage';

/** A TCP proxy that breaks on demand, for the fault tests. */
export interface FaultProxy {
  readonly port: number;
  set(mode: WireMode): void;
  close(): Promise<void>;
}

/** Stands between a connector and a source on the loopback. */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  let mode: WireMode = 'pass';
  const open = new Set<Socket>();
  const keep = (socket: Socket): void => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  };
  const server = createServer(client => {
    keep(client);
    if (mode === 'cut') return void client.destroy();
    const target = connect(targetPort, '127.0.0.1');
    keep(target);
    client.on('close', () => target.destroy());
    target.on('close', () => client.destroy());
    client.on('data', data => {
      if (mode === 'garbage') client.write(rubbish(data.length));
      else if (mode === 'pass') target.write(data);
    });
    target.on('data', data => {
      if (mode === 'garbage') client.write(rubbish(data.length));
      else if (mode === 'pass') client.write(data);
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    set(next) {
      mode = next;
      if (next === 'cut') for (const socket of open) socket.destroy();
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Bytes that are no protocol, the same every time. */
function rubbish(length: number): Buffer {
  let state = 99;
  return Buffer.from(Array.from({ length: length + 40 }, () => (state = (state * 1103515245 + 12345) % 2147483648) >> 16 & 255));
}
