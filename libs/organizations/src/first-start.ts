import { Injectable } from '@nestjs/common';
import { CommandContext } from '#event-sourcing';
import { EventStore } from '#event-store';
import { OpsStore } from '#ops-store';
import { Clock, derivedId, Ids, isVerbatimError, VerbatimConfig, VerbatimError } from '#platform';
import { Credentials } from './credentials.js';
import { Founding } from './founding.js';
import { KeySecrets } from './key-secrets.js';

export interface FirstStartResult {
  /** The first organization was made just now, by this process. */
  readonly created: boolean;
  /** The owner key that was made, until somebody was told; null when it was given by VERBATIM_ADMIN_KEY. */
  readonly key: string | null;
  /** Something whoever starts the server should know. */
  readonly warning: string | null;
}

const MADE_KEY = 'first-owner-key';
const WAS_TOLD = 'first-owner-key-told';
/** Set before the first organization is written: an operational store without it has no keys for this log. */
const BEGUN = 'log-begun';

/**
 * Makes the first organization and its owner key when the log holds no organization. A start may fail between the two
 * and the printing (a port in use is enough), so the made key follows from a secret that is kept sealed: each start tells
 * it again until one has printed it.
 */
@Injectable()
export class FirstStart {
  constructor(
    private readonly log: EventStore,
    private readonly founding: Founding,
    private readonly credentials: Credentials,
    private readonly secrets: KeySecrets,
    private readonly ops: OpsStore,
    private readonly config: VerbatimConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async run(): Promise<FirstStartResult> {
    const adminKey = this.config.adminKey;
    if (await this.hasOrganization()) await this.requireItsOperations();
    else {
      await this.ops.checkpoints.save(BEGUN, 1n);
      const { created } = await this.founding.found(this.context(), {
        orgId: this.firstOrganizationId(),
        name: 'My organization',
        ownerKey: adminKey ?? (await this.madeKey()),
      });
      if (created && adminKey !== undefined) await this.noteKeyTold();
      if (created) return { created, key: await this.untoldKey(), warning: null };
    }
    return { created: false, key: await this.untoldKey(), warning: await this.warningAbout(adminKey) };
  }

  /** Its owner has the key: no later start tells it. */
  async noteKeyTold(): Promise<void> {
    await this.ops.checkpoints.save(WAS_TOLD, 1n);
  }

  private async untoldKey(): Promise<string | null> {
    if ((await this.ops.checkpoints.load(WAS_TOLD)) !== undefined) return null;
    const key = await this.madeKey();
    return (await this.refusalOf(key)) === undefined ? key : null;
  }

  /** One key for every process that shares the stores. */
  private async madeKey(): Promise<string> {
    return this.secrets.keyOf(await this.ops.salts.obtain(MADE_KEY));
  }

  /**
   * The same for every process that shares the secret: of two first starts at once, the second finds the stream taken.
   */
  private firstOrganizationId(): string {
    return derivedId('first-organization', this.secrets.credentialOf('first organization'));
  }

  private async hasOrganization(): Promise<boolean> {
    const filter = { streamPrefixes: ['organization-'] };
    for (let after: bigint | 'start' = 'start'; ; ) {
      const page = await this.log.readAll({ after, limit: 1, filter });
      if (page.events.length > 0) return true;
      if (page.atEnd) return false;
      after = page.scannedTo;
    }
  }

  /**
   * A log without its own operational store is sealed for good: better no start than one that shows nothing. What was begun
   * before there was this mark was told its key.
   */
  private async requireItsOperations(): Promise<void> {
    const { checkpoints } = this.ops;
    const marks = await Promise.all([BEGUN, WAS_TOLD].map((mark) => checkpoints.load(mark)));
    if (marks.every((mark) => mark === undefined))
      throw new VerbatimError(
        'storage_unavailable',
        'The event log holds organizations, but the operational store is new: it has none of their keys. Restore the one that belongs to this log.',
      );
  }

  private async warningAbout(adminKey: string | undefined): Promise<string | null> {
    const refusal = adminKey === undefined ? undefined : await this.refusalOf(adminKey);
    if (refusal === undefined) return null;
    return refusal.code === 'invalid_api_key'
      ? 'VERBATIM_ADMIN_KEY is not a key of this server and is ignored: only the first start registers it.'
      : `VERBATIM_ADMIN_KEY opens nothing any more and is ignored: ${refusal.message}`;
  }

  /** Undefined: the key opens the door. */
  private async refusalOf(key: string): Promise<VerbatimError | undefined> {
    try {
      await this.credentials.resolve(key);
      return undefined;
    } catch (error) {
      if (isVerbatimError(error, 'invalid_api_key', 'key_revoked', 'key_expired')) return error;
      throw error;
    }
  }

  private context(): CommandContext {
    return new CommandContext({ kind: 'system', id: 'first-start', via: 'system' }, this.ids.next(), this.clock.now());
  }
}
