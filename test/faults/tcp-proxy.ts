import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What happens to bytes on their way. */
export interface Weather {
  /** Chance for each chunk that its connection is cut behind the first half of it. */
  readonly cut: number;
  /** Chance for each chunk that it and everything after it on this connection is lost, without a word. */
  readonly drop: number;
  /** Each chunk waits for up to this long; order is kept. */
  readonly delayMs: number;
  /** Chance for each new connection that the server gets a second one with the same bytes, whose answers nobody hears. */
  readonly duplicate: number;
}

export const CALM: Weather = { cut: 0, drop: 0, delayMs: 0, duplicate: 0 };

/** Between a client and a server: passes bytes on, and makes trouble by a random source that can be seeded. */
export class TcpProxy implements AsyncDisposable {
  weather: Weather = CALM;
  /** What went wrong so far, for a test that must not pass in fair weather. */
  readonly happened = { cut: 0, dropped: 0, duplicated: 0, connections: 0 };
  /** What is to happen at the next chance, whatever the dice say. */
  readonly due = new Set<'cut' | 'drop' | 'duplicate'>();
  private readonly sockets = new Set<Socket>();

  private constructor(
    private readonly server: Server,
    private readonly target: number,
    private readonly random: () => number,
  ) {
    server.on('connection', (client) => this.connect(client));
  }

  static async to(target: number, random: () => number): Promise<TcpProxy> {
    const server = createServer({ noDelay: true });
    const proxy = new TcpProxy(server, target, random);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return proxy;
  }

  get url(): string {
    const address = this.server.address();
    if (address === null || typeof address === 'string') throw new Error('The proxy does not listen.');
    return `esdb://127.0.0.1:${address.port}?tls=false`;
  }

  /** Fair weather for new connections; those there are end, lest one that went silent holds up the end of a test. */
  calm(): void {
    this.weather = CALM;
    this.cutAll();
  }

  /** As when a cable is pulled and both ends notice. */
  cutAll(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cutAll();
    await closed;
  }

  private connect(client: Socket): void {
    this.happened.connections += 1;
    const upstream = this.open();
    this.pass(client, upstream);
    this.pass(upstream, client);
    if (!this.falls('duplicate', this.weather.duplicate)) return;
    this.happened.duplicated += 1;
    const twin = this.open();
    client.on('data', (chunk) => twin.write(chunk));
    twin.resume();
    for (const event of ['end', 'close'] as const) client.on(event, () => twin.destroy());
    this.keep(twin, client);
  }

  private falls(what: 'cut' | 'drop' | 'duplicate', chance: number): boolean {
    return this.due.delete(what) || this.random() < chance;
  }

  private open(): Socket {
    return connect({ port: this.target, host: '127.0.0.1', noDelay: true });
  }

  private keep(socket: Socket, peer: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sockets.delete(socket);
      peer.destroy();
    });
  }

  private pass(from: Socket, to: Socket): void {
    this.keep(from, to);
    let isOver = false;
    let inFlight = 0;
    let order: Promise<void> = Promise.resolve();
    from.on('data', (chunk: Buffer) => {
      if (isOver) return;
      const { cut, drop, delayMs } = this.weather;
      if (this.falls('drop', drop)) {
        this.happened.dropped += 1;
        isOver = true;
        return;
      }
      const isCut = this.falls('cut', cut);
      isOver = isCut;
      const send = (): void => {
        if (!isCut) return void to.write(chunk);
        this.happened.cut += 1;
        // Behind what was written, not instead of it: the message is to be cut in the middle.
        to.end(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => from.destroy());
      };
      const wait = delayMs > 0 ? Math.floor(this.random() * delayMs) : 0;
      if (wait === 0 && inFlight === 0) return send();
      inFlight += 1;
      order = order.then(async () => {
        await sleep(wait);
        inFlight -= 1;
        send();
      });
    });
  }
}
