import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AggregateStore, type CommandContext, streamName } from '#event-sourcing';
import { OpsStore } from '#ops-store';
import { type Claim, claimEmail, emailClaimAggregate, releaseEmail } from './email-claim.decider.js';
import { normaliseEmail } from './person.js';

/**
 * Who holds which address. The stream's name is an HMAC under a salt of the organization, so the log shows no address
 * and two organizations' claims cannot be compared.
 */
@Injectable()
export class EmailClaims {
  private readonly salts = new Map<string, Promise<Buffer>>();

  constructor(
    private readonly store: AggregateStore,
    private readonly ops: OpsStore,
  ) {}

  /** Takes the address for `wanted` unless it is held by a claim other than `over`. Answers who holds it now. */
  async take(
    context: CommandContext,
    orgId: string,
    email: string,
    wanted: Claim,
    over: string | null,
  ): Promise<Claim> {
    const stream = await this.streamOf(orgId, email);
    const { answer } = await this.store.change(emailClaimAggregate, stream, context, (state) =>
      claimEmail(state, wanted, over),
    );
    return answer;
  }

  /** Frees the address if it is still held by this claim. */
  async release(context: CommandContext, orgId: string, email: string, claimId: string): Promise<void> {
    const stream = await this.streamOf(orgId, email);
    await this.store.change(emailClaimAggregate, stream, context, (state) => releaseEmail(state, claimId));
  }

  async holder(orgId: string, email: string): Promise<Claim | null> {
    const { state } = await this.store.load(emailClaimAggregate, await this.streamOf(orgId, email));
    return state.holder;
  }

  private async streamOf(orgId: string, email: string): Promise<string> {
    const salt = await this.saltOf(orgId);
    const digest = createHmac('sha256', salt).update(normaliseEmail(email)).digest('hex');
    return streamName(emailClaimAggregate.category, orgId, digest);
  }

  private saltOf(orgId: string): Promise<Buffer> {
    const known = this.salts.get(orgId);
    if (known) return known;
    const salt = this.ops.salts.obtain(`email-claims:${orgId}`);
    this.salts.set(orgId, salt);
    salt.catch(() => this.salts.delete(orgId));
    return salt;
  }
}
