import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { TlsFiles } from '#platform';

/** PEM texts. */
export interface TlsPair {
  readonly key: string;
  readonly certificate: string;
}

/** What a client is told to trust. */
export const certificateFile = (directory: string): string => join(directory, 'event-store.crt');

const YEARS_VALID = 5;
/** One that ends within a month is made again at the start. */
const RENEWED_BEFORE_MS = 30 * 86_400_000;

/** @throws Error when a file cannot be read, or key and certificate do not belong together */
export async function givenPair({ key, certificate }: TlsFiles): Promise<TlsPair> {
  const pair = { key: await readFile(key, 'utf8'), certificate: await readFile(certificate, 'utf8') };
  if (!belongTogether(pair)) throw new Error(`The key in ${key} is not the one of the certificate in ${certificate}.`);
  return pair;
}

/** The certificate this directory keeps, made at the first start, and its key, for the owner's eyes alone. */
export async function keptPair(directory: string, host: string, now: number): Promise<TlsPair> {
  const keyFile = join(directory, 'event-store.key');
  const known = await readPair(keyFile, certificateFile(directory));
  if (known && isGoodFor(known, host, now)) return known;
  const made = await makePair(host, now);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await keep(keyFile, made.key);
  await keep(certificateFile(directory), made.certificate);
  return made;
}

async function readPair(key: string, certificate: string): Promise<TlsPair | undefined> {
  try {
    return { key: await readFile(key, 'utf8'), certificate: await readFile(certificate, 'utf8') };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const belongTogether = ({ key, certificate }: TlsPair): boolean =>
  new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));

function isGoodFor(pair: TlsPair, host: string, now: number): boolean {
  const parsed = new X509Certificate(pair.certificate);
  return (
    belongTogether(pair) &&
    parsed.validToDate.getTime() - now > RENEWED_BEFORE_MS &&
    namesOf(host).every((name) => (isIP(name) ? parsed.checkIP(name) : parsed.checkHost(name)) !== undefined)
  );
}

async function makePair(host: string, now: number): Promise<TlsPair> {
  const from = new Date(now - 3_600_000); // a client's clock may be behind
  const made = await generate([{ name: 'commonName', value: 'Verbatim event store' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: from,
    notAfterDate: new Date(now + YEARS_VALID * 365 * 86_400_000),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: namesOf(host).map((name) => (isIP(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { key: made.private, certificate: made.cert };
}

/** What clients may call this server. */
const namesOf = (host: string): string[] => [
  ...new Set(['localhost', '127.0.0.1', '::1', hostname(), ...(isAnyAddress(host) ? [] : [host])]),
];

const isAnyAddress = (host: string): boolean => host === '0.0.0.0' || host === '::';

/** By rename: a crash leaves the old text or the new one. */
async function keep(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}
