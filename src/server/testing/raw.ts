import { connect } from 'node:net';

/** Sends bytes over a fresh connection and gives all that comes back until the server closes it. */
export function raw(port: number, bytes: string | Buffer, options: { readonly end?: boolean } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes);
      if (options.end ?? false) socket.end();
    });
    socket.on('data', (chunk) => chunks.push(chunk));
    // A reset after the answer is as good as an end.
    socket.on('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' || error.code === 'EPIPE' ? undefined : reject(error)));
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
  });
}

/** The body of the last answer in a stream of them. */
export function lastBody(stream: string): string {
  return stream.slice(stream.lastIndexOf('\r\n\r\n') + 4);
}
