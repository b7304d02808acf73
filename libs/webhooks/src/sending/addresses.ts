import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import ipaddr from 'ipaddr.js';
import { VerbatimConfig, VerbatimError } from '#platform';

const DNS_MS = 3000;
const LOCAL_NAME = /(^|\.)(localhost|local|internal|home\.arpa)\.?$/i;

/** Where the address leads is not for outsiders to call: our own machine, its network, or nowhere. */
export class RefusedAddress extends Error {
  constructor(readonly address: string) {
    super(`${address} is no public address.`);
    this.name = 'RefusedAddress';
  }
}

/** Public unicast alone. IPv4 in IPv6's clothes counts as IPv4; ways through other networks (6to4, NAT64, Teredo) do not pass. */
export const isPublicAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';

/**
 * Which addresses may be called. Looked at twice: when a webhook is made or changed, to say so to whoever makes it, and at every
 * connection with the very address that is connected to, since a name may lead elsewhere by then.
 */
@Injectable()
export class Addresses {
  constructor(private readonly config: VerbatimConfig) {}

  /** @throws VerbatimError invalid_url */
  async requireCallable(text: string, param: string): Promise<string> {
    const url = URL.parse(text);
    const schemes = this.config.webhookAllowPrivate ? ['https:', 'http:'] : ['https:'];
    if (!url || !schemes.includes(url.protocol))
      throw invalid(param, `must be an address that begins with ${schemes.join('// or ')}//.`);
    if (url.username !== '' || url.password !== '') throw invalid(param, 'must not hold a user or a password.');
    if (!this.config.webhookAllowPrivate) await this.refusePrivate(hostOf(url), param);
    return url.href;
  }

  /** The addresses to connect to. @throws RefusedAddress */
  async resolve(host: string): Promise<readonly { address: string; family: number }[]> {
    const found = isIP(host) ? [{ address: host, family: isIP(host) }] : await lookup(host, { all: true });
    // One that is not public is enough: who answers with both tries which one we take.
    for (const { address } of found)
      if (!this.config.webhookAllowPrivate && !isPublicAddress(address)) throw new RefusedAddress(address);
    return found;
  }

  private async refusePrivate(host: string, param: string): Promise<void> {
    if (LOCAL_NAME.test(host)) throw invalid(param, 'must not lead to this machine or a private network.');
    let timer: NodeJS.Timeout | undefined;
    // A name that cannot be resolved now may be there when it is needed.
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, DNS_MS);
    });
    try {
      await Promise.race([this.resolve(host), late]);
    } catch (error) {
      if (error instanceof RefusedAddress)
        throw invalid(param, 'must not lead to this machine or a private network.', { address: error.address });
    } finally {
      clearTimeout(timer);
    }
  }
}

/** An IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');

const invalid = (param: string, rule: string, details?: Record<string, unknown>): VerbatimError =>
  new VerbatimError('invalid_url', `${param} ${rule}`, { param, ...(details ? { details } : {}) });
