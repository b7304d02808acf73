import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { certificateFile, givenPair, keptPair } from './tls.js';

const NOW = Date.parse('2026-11-22T12:00:00Z');
const YEAR = 365 * 86_400_000;

describe('the certificate a node makes itself', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'verbatim-tls-'));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is good for this machine by name and address, and for the host it listens on', async () => {
    const certificate = new X509Certificate((await keptPair(directory, '192.0.2.7', NOW)).certificate);
    for (const address of ['127.0.0.1', '::1', '192.0.2.7']) expect(certificate.checkIP(address)).toBeDefined();
    expect(certificate.checkHost('localhost')).toBe('localhost');
    expect(certificate.checkIP('192.0.2.8')).toBeUndefined();
    expect(certificate.ca).toBe(false);
  });

  it('is kept, for its owner to read only', async () => {
    const first = await keptPair(directory, '127.0.0.1', NOW);
    expect(await keptPair(directory, '127.0.0.1', NOW + YEAR)).toEqual(first);
    expect(await readFile(certificateFile(directory), 'utf8')).toBe(first.certificate);
    for (const file of ['event-store.key', 'event-store.crt'])
      expect((await stat(join(directory, file))).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['before it ends', '127.0.0.1', NOW + 5 * YEAR - 20 * 86_400_000],
    ['for a host it does not name', '192.0.2.9', NOW],
  ])('is made anew %s', async (_, host, now) => {
    const first = await keptPair(directory, '127.0.0.1', NOW);
    expect(await keptPair(directory, host, now)).not.toEqual(first);
  });

  it("is made anew when its key is another's", async () => {
    const first = await keptPair(directory, '127.0.0.1', NOW);
    await writeFile(join(directory, 'event-store.key'), (await keptPair(join(directory, 'x'), '::1', NOW)).key);
    const second = await keptPair(directory, '127.0.0.1', NOW);
    expect(second).not.toEqual(first);
    expect(await keptPair(directory, '127.0.0.1', NOW)).toEqual(second);
  });

  it('can be given instead, with the key that belongs to it', async () => {
    const [key, certificate] = [join(directory, 'event-store.key'), certificateFile(directory)];
    const made = await keptPair(directory, '127.0.0.1', NOW);
    expect(await givenPair({ key, certificate })).toEqual(made);
    await writeFile(key, (await keptPair(join(directory, 'x'), '::1', NOW)).key);
    await expect(givenPair({ key, certificate })).rejects.toThrow('is not the one of the certificate');
  });
});
