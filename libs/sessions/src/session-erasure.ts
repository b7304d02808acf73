import { Injectable, Optional } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { AggregateStore, type CommandContext, streamName, subjectOf } from '#event-sourcing';
import { OpsStore } from '#ops-store';
import { RecordSessionErased } from '#organizations';
import { SessionMail } from './session-mail.js';

export interface Erasure {
  readonly sessionId: string;
  /** Id of who asked for it. */
  readonly by: string;
  /** One word: why. */
  readonly reason: string;
}

/**
 * What follows `session_deleted`: the fact that stays, then everything else goes. Each step is repeatable and none undoes
 * another, so after a crash anywhere the whole is simply run again.
 */
@Injectable()
export class SessionErasure {
  constructor(
    private readonly commands: CommandBus,
    private readonly aggregates: AggregateStore,
    private readonly ops: OpsStore,
    // Sessions live without invitations too: then nothing was mailed.
    @Optional() private readonly mail?: SessionMail,
  ) {}

  async complete(context: CommandContext, orgId: string, erasure: Erasure): Promise<void> {
    // Before the stream is gone: projections and policies that lag learn of the deletion from this fact alone.
    await this.commands.execute(new RecordSessionErased(context, orgId, erasure));
    const stream = streamName('session', orgId, erasure.sessionId);
    const subject = subjectOf(stream);
    await this.ops.keys.destroy(subject);
    await this.ops.artifacts.deleteAll(subject);
    await this.mail?.forgetMailOf(erasure.sessionId);
    await this.ops.deliveries.deleteFor(subject);
    await this.ops.idempotency.deleteFor(subject);
    await this.aggregates.deleteStream(stream);
    await this.ops.purgeFreeSpace();
  }
}
