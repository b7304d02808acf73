import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

type Mode = 'open' | 'refusing' | 'silent';

/** A server that goes away and comes back: connections through here can be cut, refused, or left without an answer. */
export class SwitchableProxy {
  private mode: Mode = 'open';
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  static async before(target: { readonly host: string; readonly port: number }): Promise<SwitchableProxy> {
    const server = createServer();
    const proxy = new SwitchableProxy(server);
    server.on('connection', (near) => proxy.take(near, target));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Connections that stand are cut: a server that ended takes its own along. */
  become(mode: 'open' | 'refusing'): void {
    this.mode = mode;
    for (const socket of this.sockets) socket.destroy();
  }

  /** From here on nothing is answered, on connections that stand and on new ones. */
  fallSilent(): void {
    this.mode = 'silent';
  }

  async close(): Promise<void> {
    this.become('refusing');
    this.server.close();
    await once(this.server, 'close');
  }

  private take(near: Socket, target: { readonly host: string; readonly port: number }): void {
    this.keep(near);
    if (this.mode === 'refusing') near.destroy();
    if (this.mode !== 'open') return;
    const far = connect(target);
    this.keep(far);
    near.on('data', (bytes) => this.mode === 'silent' || far.write(bytes));
    far.on('data', (bytes) => this.mode === 'silent' || near.write(bytes));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
  }
}
