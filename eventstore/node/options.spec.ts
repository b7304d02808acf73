import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { SettingError } from '#platform';
import { nodeOptions } from './options.js';

const USER = { VERBATIM_EVENT_STORE_USER: 'ops', VERBATIM_EVENT_STORE_PASSWORD: 'correct horse' };
const TLS = { VERBATIM_EVENT_STORE_TLS: 'on' };

describe('the settings of a node alone', () => {
  it('are the port clients try first, this machine, plain, everybody', () => {
    expect(nodeOptions({}, [])).toEqual({
      host: '127.0.0.1',
      port: 2113,
      dataDir: resolve('data/eventstore'),
      tls: undefined,
      user: undefined,
    });
  });

  it('come from flags first, then from the environment', () => {
    const environment = { VERBATIM_EVENT_STORE_PORT: '1', VERBATIM_EVENT_STORE_DATA_DIR: '/from/environment' };
    expect(nodeOptions(environment, ['--port', '2', '--host', '::1'])).toMatchObject({
      host: '::1',
      port: 2,
      dataDir: '/from/environment',
    });
  });

  it.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost'])('take %s for this machine', (host) => {
    expect(nodeOptions({ VERBATIM_EVENT_STORE_HOST: host }, []).host).toBe(host);
  });

  it.each([
    ['nothing', {}],
    ['TLS alone', TLS],
    ['a user alone', USER],
  ])('refuse to be reached from elsewhere with %s', (_, more) => {
    const refusal = () => nodeOptions({ VERBATIM_EVENT_STORE_HOST: '0.0.0.0', ...more }, []);
    expect(refusal).toThrow(SettingError);
    expect(refusal).toThrow(/^VERBATIM_EVENT_STORE_HOST is beyond this machine, where TLS and a user are required/);
  });

  it('let a node be reached from elsewhere with TLS and a user', () => {
    expect(nodeOptions({ VERBATIM_EVENT_STORE_HOST: '0.0.0.0', ...TLS, ...USER }, [])).toMatchObject({
      tls: 'own',
      user: { user: 'ops', password: 'correct horse' },
    });
  });

  it.each([
    [USER, /^VERBATIM_EVENT_STORE_USER needs TLS/],
    [{ ...TLS, VERBATIM_EVENT_STORE_USER: 'ops' }, /^VERBATIM_EVENT_STORE_PASSWORD must be set too/],
    [{ ...TLS, VERBATIM_EVENT_STORE_PASSWORD: 'correct horse' }, /^VERBATIM_EVENT_STORE_USER must be set too/],
    [{ VERBATIM_EVENT_STORE_TLS_KEY: '/key' }, /^VERBATIM_EVENT_STORE_TLS_CERT must name a PEM file/],
    [{ VERBATIM_EVENT_STORE_TLS: 'maybe' }, /^VERBATIM_EVENT_STORE_TLS must be one of: on, off/],
  ])('refuse %j in a line that names the variable', (environment, line) => {
    expect(() => nodeOptions(environment, [])).toThrow(line);
  });

  it('refuse a flag that there is not, and say which there are', () => {
    expect(() => nodeOptions({}, ['--verbose'])).toThrow(/knows --host, --port and --data-dir/);
  });
});
