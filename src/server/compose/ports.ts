import { createServer } from 'node:net';
import { ListenError } from '../errors.ts';

/** Rejects with a `ListenError` where the port is taken, before anything slow is begun. Port 0 is any free one. */
export async function assertPortFree(host: string, port: number, option: '--port' | '--tls-port'): Promise<void> {
  if (port === 0) return;
  await new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE'
        ? new ListenError('PORT_IN_USE', `port ${port} is in use by another program`, `Stop that program, or choose another port with ${option}.`, { cause })
        : new ListenError('LISTEN_FAILED', `the exchange cannot listen on port ${port} (${cause.code ?? 'unknown'})`, `Choose another port with ${option}.`, { cause }));
    });
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}
