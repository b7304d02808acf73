import {
  logVerbosity,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  setLogVerbosity,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { sendingFrames } from './frames.js';
import { OpenCalls } from './open-calls.js';
import type { TlsPair } from './tls.js';

/** One gRPC service with its handlers. */
export interface NodeService {
  readonly definition: ServiceDefinition;
  readonly handlers: UntypedServiceImplementation;
}

export interface NodeServerOptions {
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Undefined: plain. */
  readonly tls?: TlsPair | undefined;
  readonly services: readonly NodeService[];
}

/** The official client sends up to 3 MiB in one message, and what is too large is to be answered, not cut off. */
const LARGEST_MESSAGE = 16 * 1024 * 1024;
/** How long calls that are under way may take to end by themselves. */
const GRACE_MS = 500;
/** How long resets may take to reach clients before their connections are cut. */
const PARTING_MS = 250;

/** One line for whoever starts it. */
export class CannotListen extends Error {
  override readonly name = 'CannotListen';

  constructor(host: string, port: number, cause: Error) {
    const why = /\b(EADDRINUSE|EACCES|EADDRNOTAVAIL|ENOTFOUND)\b/.exec(cause.message)?.[1];
    const reasons: Readonly<Record<string, string>> = {
      EADDRINUSE: 'it is in use',
      EACCES: 'this user may not',
      EADDRNOTAVAIL: 'that is no address of this machine',
      ENOTFOUND: 'that is no address of this machine',
    };
    super(`port ${port} on ${host} cannot be listened on: ${(why && reasons[why]) ?? cause.message}.`, { cause });
  }
}

/** Listens, and hands calls to the services. */
export class NodeServer {
  private stopped: Promise<void> | undefined;

  private constructor(
    private readonly server: Server,
    private readonly calls: OpenCalls,
    readonly host: string,
    readonly port: number,
    private readonly isSecure: boolean,
  ) {}

  /** @throws CannotListen */
  static async start({ host, port, tls, services }: NodeServerOptions): Promise<NodeServer> {
    // Errors are told to whoever called; the library would write lines of its own to stderr as well.
    if (!process.env['GRPC_VERBOSITY']) setLogVerbosity(logVerbosity.NONE);
    const calls = new OpenCalls();
    const server = new Server({
      'grpc.max_receive_message_length': LARGEST_MESSAGE,
      interceptors: [calls.interceptor, sendingFrames],
    });
    for (const { definition, handlers } of services) server.addService(definition, handlers);
    const credentials = tls
      ? ServerCredentials.createSsl(null, [
          { private_key: Buffer.from(tls.key), cert_chain: Buffer.from(tls.certificate) },
        ])
      : ServerCredentials.createInsecure();
    const bound = await new Promise<number>((resolve, reject) => {
      server.bindAsync(`${host.includes(':') ? `[${host}]` : host}:${port}`, credentials, (error, at) =>
        error ? reject(new CannotListen(host, port, error)) : resolve(at),
      );
    });
    return new NodeServer(server, calls, host, bound, tls !== undefined);
  }

  get connectionString(): string {
    const host = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `esdb://${host}:${this.port}?tls=${this.isSecure}`;
  }

  /** Refuses new calls, gives those under way a moment, then resets what is left: subscriptions never end by themselves. */
  stop(): Promise<void> {
    this.stopped ??= new Promise((resolve) => {
      const timers = [
        setTimeout(() => this.calls.reset(), GRACE_MS),
        setTimeout(() => this.server.forceShutdown(), GRACE_MS + PARTING_MS),
      ];
      this.server.tryShutdown(() => {
        for (const timer of timers) clearTimeout(timer);
        resolve();
      });
    });
    return this.stopped;
  }
}
