import { resolve } from 'node:path';
import { SettingError, type Settings } from './settings.js';
import type { StoreUrl } from './store-urls.js';

/** PEM files. */
export interface TlsFiles {
  readonly key: string;
  readonly certificate: string;
}

/** Where the embedded log is also served by EventStoreDB's protocol. */
export interface EventStoreDoorSettings {
  readonly host: string;
  readonly port: number;
  /** Undefined: a certificate of its own making. */
  readonly tls: TlsFiles | undefined;
}

/** @throws SettingError naming the variable */
export function eventStoreDoor(
  settings: Settings,
  eventStore: StoreUrl,
  host: string,
): EventStoreDoorSettings | undefined {
  const port = settings.integer('VERBATIM_EVENT_STORE_PORT', 0, 65_535);
  if (port === undefined) return undefined;
  if (eventStore.kind !== 'embedded')
    throw new SettingError(
      'VERBATIM_EVENT_STORE_PORT',
      'must be unset with VERBATIM_EVENT_STORE_URL=esdb://…: it serves the embedded log alone, and that server is reached by itself.',
    );
  return { host: settings.text('VERBATIM_EVENT_STORE_HOST') ?? host, port, tls: tlsFiles(settings) };
}

/** @throws SettingError when one of the two is missing */
export function tlsFiles(settings: Settings): TlsFiles | undefined {
  const certificate = settings.text('VERBATIM_EVENT_STORE_TLS_CERT');
  const key = settings.text('VERBATIM_EVENT_STORE_TLS_KEY');
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined)
    throw new SettingError('VERBATIM_EVENT_STORE_TLS_CERT', 'must name a PEM file, too, when the key is given.');
  if (key === undefined)
    throw new SettingError('VERBATIM_EVENT_STORE_TLS_KEY', 'must name a PEM file, too, when the certificate is given.');
  return { certificate: resolve(certificate), key: resolve(key) };
}
