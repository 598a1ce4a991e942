import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

/**
 * Loaded before anything else in the process of the builder: it opens no connection and listens nowhere. Node's permissions keep it from files,
 * other processes and threads; up to Node 24 they say nothing of sockets, and so this does.
 */
const refuse = (): never => {
  throw Object.assign(new Error('the builder of public pages opens no connection'), { code: 'ERR_ACCESS_DENIED' });
};
net.Socket.prototype.connect = refuse;
net.Server.prototype.listen = refuse;
dgram.Socket.prototype.bind = refuse;
dgram.Socket.prototype.connect = refuse;
dgram.Socket.prototype.send = refuse;
dgram.createSocket = refuse;
Object.assign(dns, { lookup: refuse, resolve: refuse, resolve4: refuse, resolve6: refuse });
Object.assign(dns.promises, { lookup: refuse, resolve: refuse, resolve4: refuse, resolve6: refuse });
syncBuiltinESMExports();
