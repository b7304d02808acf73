import { maskedUrl } from './masked-url.js';
import { SettingError, type Settings } from './settings.js';

/** Where one of the three homes for state is: in the data directory, or on a server that many processes share. */
export type StoreUrl = { readonly kind: 'embedded' } | SharedStoreUrl;

export interface SharedStoreUrl {
  readonly kind: 'eventstoredb' | 'mongodb';
  readonly url: string;
  /** The variable that says so, and what it holds, credentials masked. */
  readonly setting: string;
  readonly shown: string;
}

export interface StoreUrls {
  readonly eventStore: StoreUrl;
  readonly readStore: StoreUrl;
  readonly opsStore: StoreUrl;
}

const EMBEDDED: StoreUrl = { kind: 'embedded' };
/** The database of a `mongodb://` URL that names none. */
const DEFAULT_DATABASE = 'verbatim';
/** MongoDB allows 63 bytes; `_ops` must still fit behind. */
const DATABASE = /^[A-Za-z0-9_-]{1,59}$/;

/**
 * The three URLs of contract §1.0. Read models in MongoDB take the operational store along, into a database of its own on
 * the same server. A shared log needs shared stores: a data directory beside it would be another truth in each process.
 *
 * @throws SettingError naming the variable
 */
export function storeUrls(settings: Settings): StoreUrls {
  const eventStore = storeUrl(settings, 'VERBATIM_EVENT_STORE_URL', 'eventstoredb') ?? EMBEDDED;
  const readStore = withDatabase(storeUrl(settings, 'VERBATIM_READ_STORE_URL', 'mongodb')) ?? EMBEDDED;
  const opsStore = withDatabase(storeUrl(settings, 'VERBATIM_OPS_STORE_URL', 'mongodb')) ?? besides(readStore);
  if (eventStore.kind === 'eventstoredb') {
    requireShared(settings, 'VERBATIM_READ_STORE_URL', readStore);
    requireShared(settings, 'VERBATIM_OPS_STORE_URL', opsStore);
  }
  if (readStore.kind === 'mongodb' && opsStore.kind === 'mongodb' && readStore.url === opsStore.url)
    throw new SettingError('VERBATIM_OPS_STORE_URL', 'must name another database than VERBATIM_READ_STORE_URL.');
  return { eventStore, readStore, opsStore };
}

const PATTERNS = {
  eventstoredb: /^esdb(\+discover)?:\/\/[^\s/?]+/,
  mongodb: /^mongodb(\+srv)?:\/\/[^\s/?]+/,
} as const;

/** What a store's URL may be, in words. */
export const STORE_URL_FORMS: Readonly<Record<SharedStoreUrl['kind'], string>> = {
  eventstoredb: 'sqlite: (in the data directory), esdb://host:2113?tls=false or esdb+discover://cluster.example:2113',
  mongodb: 'sqlite: (in the data directory), mongodb://host:27017/database or mongodb+srv://cluster.example/database',
};

/** What somebody put into a URL's place by mistake may be a secret: it is repeated when it looks like a URL. */
const shown = (text: string | undefined): string => {
  if (text === undefined) return 'not set';
  return /^[a-z][a-z0-9+.-]*:/i.test(text) ? maskedUrl(text) : 'no URL';
};

function storeUrl(settings: Settings, name: string, kind: SharedStoreUrl['kind']): StoreUrl | undefined {
  const text = settings.text(name);
  if (text === undefined) return undefined;
  if (text === 'sqlite:') return EMBEDDED;
  const is = `is ${shown(text)} and must`;
  if (!PATTERNS[kind].test(text)) throw new SettingError(name, `${is} be ${STORE_URL_FORMS[kind]}.`);
  if (kind === 'mongodb' && !DATABASE.test(mongoParts(text).database))
    throw new SettingError(
      name,
      `${is} name its database by 1 to 59 letters, digits, _ or -: ${STORE_URL_FORMS[kind]}.`,
    );
  return { kind, url: text, setting: name, shown: shown(text) };
}

function requireShared(settings: Settings, name: string, store: StoreUrl): void {
  if (store.kind === 'embedded')
    throw new SettingError(
      name,
      `is ${shown(settings.text(name))} and must be mongodb://… when VERBATIM_EVENT_STORE_URL is esdb://….`,
    );
}

interface MongoParts {
  /** Scheme, credentials and hosts. */
  readonly server: string;
  readonly database: string;
  /** With its question mark, or empty. */
  readonly options: string;
}

function mongoParts(url: string): MongoParts {
  const [, server = '', database, options = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/([^?]*))?(\?.*)?$/.exec(url) ?? [];
  return { server, database: database || DEFAULT_DATABASE, options };
}

function withDatabase(store: StoreUrl | undefined): StoreUrl | undefined {
  if (store?.kind !== 'mongodb') return store;
  const { server, database, options } = mongoParts(store.url);
  const named = store.url.slice(server.length).split('?')[0]!.length > 1;
  return { ...store, url: joined(server, database, named ? options : checkedBy(server, options, 'admin')) };
}

function besides(readStore: StoreUrl): StoreUrl {
  if (readStore.kind !== 'mongodb') return EMBEDDED;
  const { server, database, options } = mongoParts(readStore.url);
  return { ...readStore, url: joined(server, `${database}_ops`, checkedBy(server, options, database)) };
}

const joined = (server: string, database: string, options: string): string => `${server}/${database}${options}`;

/** MongoDB checks a user in the database that the URL names: where we name another one, it must go on asking the first. */
const checkedBy = (server: string, options: string, database: string): string =>
  !server.includes('@') || /[?&]authSource=/i.test(options)
    ? options
    : `${options ? `${options}&` : '?'}authSource=${database}`;
