import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** What becomes of a command on its way: `lose_answer` lets the server do it, and cuts the line before it can say so. */
export type Fate = 'pass' | 'cut' | 'lose_answer';

/** Header, flags and kind of section before the body; its length and the type of its first element before its name. */
const COMMAND_NAME = 16 + 4 + 1 + 4 + 1;

const commandOf = (message: Buffer): string =>
  message.toString('latin1', COMMAND_NAME, message.indexOf(0, COMMAND_NAME));

/** Between a client and a server of MongoDB's protocol: the way there, which specs break. */
export class WireProxy {
  /** Asked of every command that reaches the proxy. After one that is not passed nothing goes through any more. */
  fate: (command: string) => Fate = () => 'pass';
  private readonly sockets = new Set<Socket>();
  private state: 'up' | 'down' | 'silent' = 'up';
  private readonly cut = Promise.withResolvers<void>();

  private constructor(
    private readonly target: URL,
    private readonly server: Server,
  ) {}

  static async before(url: string): Promise<WireProxy> {
    const server = createServer();
    const proxy = new WireProxy(new URL(url), server);
    server.on('connection', (client) => proxy.accept(client));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    const url = new URL(this.target);
    url.host = `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    // Or the driver would go past the proxy to the members of a replica set.
    url.searchParams.delete('replicaSet');
    url.searchParams.set('directConnection', 'true');
    return url.href;
  }

  /** Once it was down for the first time. */
  get wentDown(): Promise<void> {
    return this.cut.promise;
  }

  /** Every connection is cut, and new ones are, too. */
  down(): void {
    this.state = 'down';
    this.cut.resolve();
    for (const socket of this.sockets) socket.destroy();
  }

  /** Connections stay, and nothing comes through. */
  silent(): void {
    this.state = 'silent';
  }

  up(): void {
    this.state = 'up';
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    this.down();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket): void {
    if (this.state === 'down') return void client.destroy();
    const server = connect(Number(this.target.port || 27_017), this.target.hostname);
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    let pending = Buffer.alloc(0);
    client.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length >= 4 && pending.length >= pending.readInt32LE(0)) {
        const message = pending.subarray(0, pending.readInt32LE(0));
        pending = pending.subarray(message.length);
        this.forward(message, server);
      }
    });
    server.on('data', (chunk: Buffer) => this.state === 'up' && client.write(chunk));
  }

  private forward(message: Buffer, server: Socket): void {
    if (this.state !== 'up') return;
    const fate = this.fate(commandOf(message));
    if (fate === 'lose_answer') {
      // Its answer comes when the server has done it, and goes no further.
      this.state = 'silent';
      server.once('data', () => this.down());
    }
    if (fate === 'cut') this.down();
    else server.write(message);
  }
}
