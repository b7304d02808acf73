import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Environment, SettingError, Settings, type TlsFiles, tlsFiles } from '#platform';
import type { Credentials } from './access.js';

/** What `npm run eventstore` was told. Flags win over the environment. */
export interface NodeOptions {
  readonly host: string;
  readonly port: number;
  /** Absolute; its own, never the one of a running Verbatim. */
  readonly dataDir: string;
  /** Undefined: plain. 'own': with a certificate it makes itself. */
  readonly tls: 'own' | TlsFiles | undefined;
  /** The one user there is; undefined: everybody may everything. */
  readonly user: Credentials | undefined;
}

const USER_NEEDS_TLS =
  'needs TLS: set VERBATIM_EVENT_STORE_TLS=on, or give VERBATIM_EVENT_STORE_TLS_CERT and VERBATIM_EVENT_STORE_TLS_KEY.';

/** @throws SettingError naming the variable and what it may be */
export function nodeOptions(environment: Environment, args: readonly string[]): NodeOptions {
  const settings = new Settings({ ...environment, ...flags(args) });
  const host = settings.text('VERBATIM_EVENT_STORE_HOST') ?? '127.0.0.1';
  const files = tlsFiles(settings);
  const tls = files ?? (settings.oneOf('VERBATIM_EVENT_STORE_TLS', ['on', 'off']) === 'on' ? 'own' : undefined);
  const user = userOf(settings);
  if (!isLoopback(host) && (tls === undefined || user === undefined))
    throw new SettingError(
      'VERBATIM_EVENT_STORE_HOST',
      'is beyond this machine, where TLS and a user are required: set VERBATIM_EVENT_STORE_TLS=on, ' +
        'VERBATIM_EVENT_STORE_USER and VERBATIM_EVENT_STORE_PASSWORD.',
    );
  // Clients drop credentials on a plain connection, so a user could never get in.
  if (user && tls === undefined) throw new SettingError('VERBATIM_EVENT_STORE_USER', USER_NEEDS_TLS);
  return {
    host,
    port: settings.integer('VERBATIM_EVENT_STORE_PORT', 0, 65_535) ?? 2113,
    dataDir: resolve(settings.text('VERBATIM_EVENT_STORE_DATA_DIR') ?? 'data/eventstore'),
    tls,
    user,
  };
}

export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);

function userOf(settings: Settings): Credentials | undefined {
  const user = settings.matching('VERBATIM_EVENT_STORE_USER', /^[^:]+$/, 'a name without a colon');
  const password = settings.atLeast('VERBATIM_EVENT_STORE_PASSWORD', 8);
  if (user === undefined && password === undefined) return undefined;
  if (user === undefined) throw new SettingError('VERBATIM_EVENT_STORE_USER', 'must be set too: whose password is it?');
  if (password === undefined) throw new SettingError('VERBATIM_EVENT_STORE_PASSWORD', 'must be set too.');
  return { user, password };
}

function flags(args: readonly string[]): Environment {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { host: { type: 'string' }, port: { type: 'string' }, 'data-dir': { type: 'string' } },
    });
    const given = {
      VERBATIM_EVENT_STORE_HOST: values.host,
      VERBATIM_EVENT_STORE_PORT: values.port,
      VERBATIM_EVENT_STORE_DATA_DIR: values['data-dir'],
    };
    return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  } catch (error) {
    throw new SettingError('npm run eventstore', `knows --host, --port and --data-dir: ${(error as Error).message}`);
  }
}
