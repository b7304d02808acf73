import { Injectable } from '@nestjs/common';
import { CommandContext } from '#event-sourcing';
import { EventStore } from '#event-store';
import { Clock, derivedId, Ids, isVerbatimError, VerbatimConfig } from '#platform';
import { Credentials } from './credentials.js';
import { Founding } from './founding.js';
import { KeySecrets } from './key-secrets.js';

export interface FirstStartResult {
  /** The first organization was made just now, by this process. */
  readonly created: boolean;
  /** The owner key that was made, this once; null when the key was given by VERBATIM_ADMIN_KEY or nothing was made. */
  readonly key: string | null;
  /** Something whoever starts the server should know. */
  readonly warning: string | null;
}

/** Makes the first organization and its owner key when the log holds no organization. */
@Injectable()
export class FirstStart {
  constructor(
    private readonly log: EventStore,
    private readonly founding: Founding,
    private readonly credentials: Credentials,
    private readonly secrets: KeySecrets,
    private readonly config: VerbatimConfig,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async run(): Promise<FirstStartResult> {
    const adminKey = this.config.adminKey;
    if (!(await this.hasOrganization())) {
      const { created, key } = await this.founding.found(this.context(), {
        orgId: this.firstOrganizationId(),
        name: 'My organization',
        ownerKey: adminKey,
      });
      if (created) return { created, key: adminKey === undefined ? key : null, warning: null };
    }
    return { created: false, key: null, warning: await this.warningAbout(adminKey) };
  }

  /**
   * The same for every process that shares the secret: of two first starts at once, the second finds the stream taken.
   * What it had claimed for a key of its own opens nothing.
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

  private async warningAbout(adminKey: string | undefined): Promise<string | null> {
    if (adminKey === undefined) return null;
    try {
      await this.credentials.resolve(adminKey);
      return null;
    } catch (error) {
      if (isVerbatimError(error, 'invalid_api_key'))
        return 'VERBATIM_ADMIN_KEY is not a key of this server and is ignored: only the first start registers it.';
      if (isVerbatimError(error, 'key_revoked', 'key_expired'))
        return `VERBATIM_ADMIN_KEY opens nothing any more and is ignored: ${error.message}`;
      throw error;
    }
  }

  private context(): CommandContext {
    return new CommandContext({ kind: 'system', id: 'first-start', via: 'system' }, this.ids.next(), this.clock.now());
  }
}
