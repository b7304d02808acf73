import { describe, expect, it } from '@jest/globals';
import { maskedUrl } from './masked-url.js';
import { SettingError, Settings } from './settings.js';
import { storeUrls } from './store-urls.js';

const urls = (environment: Readonly<Record<string, string>>) => storeUrls(new Settings(environment));
/** A store as somebody set it. */
const at = (kind: string, setting: string, shown: string, url = shown) => ({ kind, url, setting, shown });
const ESDB = { VERBATIM_EVENT_STORE_URL: 'esdb://log.example:2113?tls=false' };

describe('the URLs of the three stores', () => {
  it('are all in the data directory when unset, empty or sqlite:', () => {
    const embedded = { kind: 'embedded' };
    const all = { eventStore: embedded, readStore: embedded, opsStore: embedded };
    expect(urls({})).toEqual(all);
    expect(urls({ VERBATIM_EVENT_STORE_URL: 'sqlite:', VERBATIM_READ_STORE_URL: '' })).toEqual(all);
  });

  it('put the operational store on the server of the read models, in a database of its own', () => {
    const read = 'mongodb://a:1,b:2/house?replicaSet=rs';
    expect(urls({ ...ESDB, VERBATIM_READ_STORE_URL: read })).toEqual({
      eventStore: at('eventstoredb', 'VERBATIM_EVENT_STORE_URL', 'esdb://log.example:2113?tls=false'),
      readStore: at('mongodb', 'VERBATIM_READ_STORE_URL', read),
      opsStore: at('mongodb', 'VERBATIM_READ_STORE_URL', read, 'mongodb://a:1,b:2/house_ops?replicaSet=rs'),
    });
  });

  it.each([
    ['mongodb://h', 'mongodb://h/verbatim', 'mongodb://h/verbatim_ops'],
    ['mongodb://h/?w=1', 'mongodb://h/verbatim?w=1', 'mongodb://h/verbatim_ops?w=1'],
    ['mongodb+srv://h', 'mongodb+srv://h/verbatim', 'mongodb+srv://h/verbatim_ops'],
  ])('name a database where %s does not', (given, readStore, opsStore) => {
    expect(urls({ VERBATIM_READ_STORE_URL: given })).toMatchObject({
      readStore: { url: readStore },
      opsStore: { url: opsStore },
    });
  });

  it.each([
    ['mongodb://u:p@h', 'mongodb://u:p@h/verbatim?authSource=admin', 'mongodb://u:p@h/verbatim_ops?authSource=admin'],
    ['mongodb://u:p@h/house', 'mongodb://u:p@h/house', 'mongodb://u:p@h/house_ops?authSource=house'],
    ['mongodb://u:p@h/a?w=1', 'mongodb://u:p@h/a?w=1', 'mongodb://u:p@h/a_ops?w=1&authSource=a'],
    ['mongodb://u:p@h/a?authSource=b', 'mongodb://u:p@h/a?authSource=b', 'mongodb://u:p@h/a_ops?authSource=b'],
  ])('have the user of %s checked where it was checked before', (given, readStore, opsStore) => {
    expect(urls({ VERBATIM_READ_STORE_URL: given })).toMatchObject({
      readStore: { url: readStore },
      opsStore: { url: opsStore },
    });
  });

  it.each([
    ['VERBATIM_READ_STORE_URL', {}],
    ['VERBATIM_READ_STORE_URL', { VERBATIM_OPS_STORE_URL: 'mongodb://h' }],
    ['VERBATIM_OPS_STORE_URL', { VERBATIM_READ_STORE_URL: 'mongodb://h', VERBATIM_OPS_STORE_URL: 'sqlite:' }],
  ])('refuse a shared log with %s in the data directory', (variable, others) => {
    const refusal = () => urls({ ...ESDB, ...(others as Record<string, string>) });
    expect(refusal).toThrow(SettingError);
    expect(refusal).toThrow(new RegExp(`^${variable} is (not set|sqlite:)`));
    expect(refusal).toThrow(`and must be mongodb://… when VERBATIM_EVENT_STORE_URL is esdb://….`);
  });

  it.each([
    ['mongodb://me:pa@ss@h/v', 'mongodb://***@h/v'],
    ['mongodb://h/v?proxyPassword=x&w=1', 'mongodb://h/v?proxyPassword=***&w=1'],
    ['esdb+discover://me:x@h:2113', 'esdb+discover://***@h:2113'],
    ['esdb://h:2113?tls=false', 'esdb://h:2113?tls=false'],
  ])('show %s without its credentials', (url, masked) => expect(maskedUrl(url)).toBe(masked));

  it.each([
    ['VERBATIM_READ_STORE_URL', 'postgres://x'],
    ['VERBATIM_READ_STORE_URL', 'esdb://localhost:2113'],
    ['VERBATIM_READ_STORE_URL', 'mongodb://?w=1'],
    ['VERBATIM_READ_STORE_URL', 'mongodb://localhost/no.dots'],
    ['VERBATIM_EVENT_STORE_URL', 'mongodb://localhost'],
    ['VERBATIM_EVENT_STORE_URL', 'esdb:nowhere'],
  ])('refuse %s=%s in one line that names the variable, what it holds and what it may be', (variable, value) => {
    const refusal = () => urls({ [variable]: value });
    expect(refusal).toThrow(SettingError);
    expect(refusal).toThrow(`${variable} is ${value} and must `);
    expect(refusal).toThrow(variable.includes('EVENT') ? 'esdb://host:2113' : 'mongodb://host:27017/database');
  });

  it('refuse one database for both', () => {
    const same = { VERBATIM_READ_STORE_URL: 'mongodb://h', VERBATIM_OPS_STORE_URL: 'mongodb://h/verbatim' };
    expect(() => urls(same)).toThrow('VERBATIM_OPS_STORE_URL must name another database');
  });
});
