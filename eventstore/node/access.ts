import type { Metadata } from '@grpc/grpc-js';
import { accessDenied } from './errors.js';

/** What whoever makes a call may do. */
export interface Rights {
  /** As shown in the connections of a persistent subscription. */
  readonly user: string;
  /** Appends, deletes, changes of persistent subscriptions, and reading as one of their consumers. */
  readonly mayWrite: boolean;
  /** Only streams whose name begins with one of these; undefined: every stream, the system's too. */
  readonly prefixes: readonly string[] | undefined;
  /** Aborts when the right to read ends while a streaming call runs: the call then fails with `accessDenied`. */
  readonly ended: AbortSignal | undefined;
}

/** The part of a gRPC call that says who makes it, and when it is over. */
export interface Caller {
  readonly metadata: Metadata;
  getPeer(): string;
  once(event: 'close' | 'cancelled', listener: () => void): unknown;
}

export interface Gate {
  /** @throws NodeError accessDenied (nobody said who calls) | unauthenticated (a wrong password) */
  admit(caller: Caller): Promise<Rights>;
}

/** On the loopback without TLS: everybody may everything, and is called what the real server calls them. */
export const openGate: Gate = {
  admit: async () => ({ user: 'system', mayWrite: true, prefixes: undefined, ended: undefined }),
};

export const mayRead = ({ prefixes }: Rights, stream: string): boolean =>
  prefixes === undefined || prefixes.some((prefix) => stream.startsWith(prefix));

/** @throws NodeError accessDenied */
export function requireRead(rights: Rights, stream: string): void {
  if (!mayRead(rights, stream)) throw accessDenied();
}

/** @throws NodeError accessDenied */
export function requireWrite(rights: Rights): void {
  if (!rights.mayWrite) throw accessDenied();
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** Undefined for a caller without credentials; those of another scheme count as none. */
export function credentialsOf({ metadata }: Caller): Credentials | undefined {
  const [header] = metadata.get('authorization');
  const encoded = typeof header === 'string' ? /^Basic\s+(\S+)$/i.exec(header)?.[1] : undefined;
  if (encoded === undefined) return undefined;
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  return user === undefined || password === undefined ? undefined : { user, password };
}

/** The address alone, without the port. */
export const addressOf = (caller: Caller): string =>
  caller
    .getPeer()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '');
