import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SettingError, VerbatimConfig } from './index.js';

describe('settings', () => {
  it('have the documented defaults, and an empty variable counts as unset', () => {
    const config = new VerbatimConfig({ PORT: '', HOST: ' ', VERBATIM_RATE_LIMIT: '', VERBATIM_ADMIN_KEY: '' });
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      rateLimit: true,
      trustProxy: 0,
      adminKey: undefined,
      operatorToken: undefined,
      publicUrl: 'http://127.0.0.1:3000',
      workspaceUrl: 'http://127.0.0.1:3000/s/',
      corsOrigins: ['http://127.0.0.1:3000'],
    });
  });

  it('want a secret from whoever shares a store', () => {
    const shared = { VERBATIM_READ_STORE_URL: 'mongodb://h' };
    expect(() => new VerbatimConfig(shared)).toThrow('VERBATIM_SECRET is not set and must be');
    expect(new VerbatimConfig({ ...shared, VERBATIM_SECRET: 's'.repeat(32) }).stores.readStore.kind).toBe('mongodb');
  });

  it('derive links from the public URL, the workspace from it, and CORS from the workspace', () => {
    const config = new VerbatimConfig({ VERBATIM_PUBLIC_URL: 'https://v.example.com/' });
    expect(config).toMatchObject({ publicUrl: 'https://v.example.com', workspaceUrl: 'https://v.example.com/s/' });
    const workspace = { VERBATIM_WORKSPACE_URL: 'https://work.example.com/take/?token=' };
    expect(new VerbatimConfig(workspace).corsOrigins).toEqual(['https://work.example.com']);
    expect(
      new VerbatimConfig({ ...workspace, VERBATIM_CORS_ORIGINS: 'https://a.example, http://b:8080/' }).corsOrigins,
    ).toEqual(['https://a.example', 'http://b:8080']);
  });

  it('are taken up to the bound they name, and no further', () => {
    const tenYears = 10 * 365 * 86_400_000;
    const config = (offset: number) => new VerbatimConfig({ VERBATIM_CLOCK_OFFSET_MS: String(offset) });
    expect(config(tenYears).clockOffsetMs).toBe(tenYears);
    expect(() => config(tenYears + 1)).toThrow(SettingError);
  });

  it('follow the port that the system chose', () => {
    const config = new VerbatimConfig({ PORT: '0', HOST: '::1' });
    config.noteListening(4711);
    expect(config.workspaceUrl).toBe('http://[::1]:4711/s/');
  });

  it.each([
    ['PORT', '70000'],
    ['PORT', 'http'],
    ['VERBATIM_RATE_LIMIT', 'yes'],
    ['VERBATIM_ADMIN_KEY', 'gai_short'],
    ['VERBATIM_ADMIN_KEY', 'sk_012345678901234567890123456789'],
    ['VERBATIM_SECRET', 'too short'],
    ['VERBATIM_OPERATOR_TOKEN', 'x'.repeat(31)],
    ['VERBATIM_OPERATOR_TOKEN', `gai_${'x'.repeat(40)}`],
    ['VERBATIM_PUBLIC_URL', 'v.example.com'],
    ['VERBATIM_CORS_ORIGINS', 'https://a.example/path'],
    ['VERBATIM_CORS_ORIGINS', '*'],
    ['VERBATIM_TRUST_PROXY', 'yes'],
    ['VERBATIM_METRICS_PORT', '0'],
    ['SMTP_URL', 'mail.example.com'],
    ['LOG_LEVEL', 'loud'],
  ])('refuse %s=%s in one line that names the variable and not the value', (variable, value) => {
    const refusal = () => new VerbatimConfig({ [variable]: value });
    expect(refusal).toThrow(SettingError);
    expect(refusal).toThrow(new RegExp(`^${variable} must .{10,}\\.$`));
    expect(refusal).not.toThrow(value);
  });

  it('serve the embedded log by a protocol of its own where a port says so, with both PEM files or none', () => {
    const door = (more: object) => new VerbatimConfig({ VERBATIM_EVENT_STORE_PORT: '2114', ...more }).eventStoreDoor;
    const files = { VERBATIM_EVENT_STORE_TLS_CERT: '/tls/log.crt', VERBATIM_EVENT_STORE_TLS_KEY: '/tls/log.key' };
    expect(new VerbatimConfig({}).eventStoreDoor).toBeUndefined();
    expect(door({})).toEqual({ host: '127.0.0.1', port: 2114, tls: undefined });
    expect(door({ HOST: '192.0.2.1', ...files })).toEqual({
      host: '192.0.2.1',
      port: 2114,
      tls: { certificate: '/tls/log.crt', key: '/tls/log.key' },
    });
    for (const [given, missing] of Object.keys(files).map((name, at, names) => [name, names[1 - at]] as const))
      expect(() => door({ [given]: '/tls/file' })).toThrow(`${missing} must name a PEM file, too`);
  });

  it('refuse that port beside a log that is not embedded', () => {
    const stores = {
      VERBATIM_EVENT_STORE_URL: 'esdb://log.example:2113',
      VERBATIM_READ_STORE_URL: 'mongodb://db.example/verbatim',
      VERBATIM_SECRET: 's'.repeat(32),
    };
    expect(() => new VerbatimConfig({ ...stores, VERBATIM_EVENT_STORE_PORT: '2114' })).toThrow(
      'VERBATIM_EVENT_STORE_PORT must be unset with VERBATIM_EVENT_STORE_URL=esdb://…',
    );
  });
});

describe('the secret', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'verbatim-secret-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  it('is the given one, and then none is made', async () => {
    const given = 'g'.repeat(32);
    expect(new VerbatimConfig({ VERBATIM_SECRET: given, VERBATIM_DATA_DIR: dataDir }).secret).toBe(given);
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('is made once in the data directory, for its owner to read only', async () => {
    const { secret } = new VerbatimConfig({ VERBATIM_DATA_DIR: dataDir });
    expect(secret).toMatch(/^[\w-]{43}$/);
    expect(new VerbatimConfig({ VERBATIM_DATA_DIR: dataDir }).secret).toBe(secret);
    expect(await readdir(dataDir)).toEqual(['secret']);
    expect((await stat(join(dataDir, 'secret'))).mode & 0o777).toBe(0o600);
  });

  it('is the same for all who start at once', async () => {
    const module = new URL('./index.js', import.meta.url).href;
    const code = `import(${JSON.stringify(module)}).then(({ VerbatimConfig }) =>
      require('node:worker_threads').parentPort.postMessage(new VerbatimConfig({ VERBATIM_DATA_DIR: ${JSON.stringify(dataDir)} }).secret))`;
    const starts = Array.from({ length: 8 }, () => {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const worker = new Worker(code, { eval: true });
      worker.once('message', resolve);
      worker.once('error', reject);
      return promise;
    });
    const secrets = new Set(await Promise.all(starts));
    expect(secrets.size).toBe(1);
    expect([...secrets][0]).toBe((await readFile(join(dataDir, 'secret'), 'utf8')).trim());
  });

  it('names the data directory when that cannot be used', () => {
    const config = new VerbatimConfig({ VERBATIM_DATA_DIR: '/dev/null/nowhere' });
    expect(() => config.secret).toThrow(/^VERBATIM_DATA_DIR must be a folder this user can write: .*ENOTDIR/);
  });
});
