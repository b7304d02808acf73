import { Injectable } from '@nestjs/common';
import type { Fact, Policy } from '#event-sourcing';
import { ReadModels } from '#read-store';

/**
 * The rows of a deleted session are gone when the projections have passed the deletion, their bytes when the file's free
 * space and write-ahead log are purged after that. The organization's fact is the later of the two that tell of it.
 */
@Injectable()
export class PurgeReadModels implements Policy {
  readonly name = 'purge-read-models';
  readonly types = ['session_erased'];

  constructor(private readonly readModels: ReadModels) {}

  react({ position }: Fact): Promise<void> {
    return this.readModels.purge(position);
  }
}
