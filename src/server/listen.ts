import type { Server } from 'node:http';
import type { Socket } from 'node:net';

import type { FastifyInstance } from 'fastify';

import { ListenError } from './errors.ts';
import { isLoopback, portOf } from './transport.ts';

export interface ListenOptions {
  /** An address; `localhost` is taken as 127.0.0.1. Plain HTTP listens on loopback only. */
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Plain HTTP on any address: for what is public. */
  readonly anywhere?: boolean;
  /** What requests under way may still take when the listener closes, in milliseconds. */
  readonly grace?: number;
}

/** A listener at work. */
export interface RunningListener {
  /** Without a final slash. */
  readonly url: string;
  readonly port: number;
  /** Stops accepting, lets requests under way finish up to the grace, then closes what is left. May be called twice. */
  close(): Promise<void>;
}

/** Starts a listener that `buildServer` made. Rejects with `ListenError`, and then the listener is closed. */
export async function startListener(app: FastifyInstance, options: ListenOptions): Promise<RunningListener> {
  const host = options.host === 'localhost' ? '127.0.0.1' : options.host;
  const secure = isSecure(app.server);
  const sockets = trackSockets(app.server);
  try {
    if (!secure && options.anywhere !== true && !isLoopback(host)) {
      throw new ListenError('NOT_LOOPBACK', 'plain HTTP listens on loopback only', 'Use 127.0.0.1 or ::1, or configure mutual TLS.');
    }
    await app.listen({ host, port: options.port });
  } catch (error) {
    await app.close();
    throw error instanceof ListenError ? error : explain(error, options.port);
  }
  const port = portOf(app.server);
  const shown = host.includes(':') ? `[${host}]` : host;
  let closing: Promise<void> | null = null;
  return {
    url: `${secure ? 'https' : 'http'}://${!secure && host === '127.0.0.1' ? 'localhost' : shown}:${port}`,
    port,
    close: () => (closing ??= closeListener(app, sockets, options.grace ?? 5_000)),
  };
}

/** The connections of a server, and how many requests each has under way. `raw` are those under TLS, which carry the others. */
interface Sockets {
  readonly open: Set<Socket>;
  readonly raw: Set<Socket>;
  readonly busy: Map<Socket, number>;
}

function trackSockets(server: Server): Sockets {
  const open = new Set<Socket>();
  const raw = new Set<Socket>();
  const busy = new Map<Socket, number>();
  const addTo = (set: Set<Socket>) => (socket: Socket): void => {
    set.add(socket);
    socket.once('close', () => {
      set.delete(socket);
      busy.delete(socket);
    });
  };
  server.on('connection', addTo(isSecure(server) ? raw : open));
  server.on('secureConnection', addTo(open));
  server.on('request', ({ socket }, response) => {
    busy.set(socket, (busy.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const left = (busy.get(socket) ?? 1) - 1;
      if (left > 0) busy.set(socket, left);
      else busy.delete(socket);
    });
  });
  return { open, raw, busy };
}

function isSecure(server: Server): boolean {
  return 'setSecureContext' in server;
}

/** Idle connections, and those that a browser opened ahead and never used, are closed at once and not waited for. */
async function closeListener(app: FastifyInstance, { open, raw, busy }: Sockets, grace: number): Promise<void> {
  const sweep = (): void => {
    for (const socket of open) if (!busy.has(socket)) socket.destroySoon();
  };
  const sweeping = setInterval(sweep, 20);
  const last = setTimeout(() => {
    for (const socket of [...open, ...raw]) socket.destroy();
  }, grace);
  const closed = app.close();
  setImmediate(sweep);
  try {
    await closed;
  } finally {
    clearInterval(sweeping);
    clearTimeout(last);
  }
}

function explain(error: unknown, port: number): ListenError {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  switch (code) {
    case 'EADDRINUSE':
      return new ListenError('PORT_IN_USE', `port ${port} is in use by another program`, 'Stop that program, or choose another port with --port.', { cause: error });
    case 'EACCES':
      return new ListenError('PORT_NOT_ALLOWED', `this account may not use port ${port}`, 'Choose a port above 1023 with --port.', { cause: error });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new ListenError('ADDRESS_NOT_AVAILABLE', 'the address to listen on does not belong to this machine', 'Choose an address of this machine with --host.', { cause: error });
    default:
      return new ListenError('LISTEN_FAILED', `the exchange cannot listen on port ${port}${code === undefined ? '' : ` (${code})`}`, 'Choose another port with --port.', { cause: error });
  }
}
