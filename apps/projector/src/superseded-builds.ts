import type { EventStore } from '#event-store';
import type { ReadStore, StoredBuild } from '#read-store';

export interface SupersededBuildsOptions {
  readonly log: Pick<EventStore, 'head'>;
  readonly store: Pick<ReadStore, 'builds'>;
  readonly keepMs: number;
  /** Other processes, of another version perhaps, work on the same store. */
  readonly isShared: boolean;
  readonly drop: (build: StoredBuild) => Promise<void>;
  readonly trouble: (build: StoredBuild, error: Error) => void;
}

/**
 * Builds that nobody needs any more, kept a while for queries under way. One of another version is needed as long as a
 * process of that version projects it, which shows in its checkpoint alone: it goes when it has missed something.
 */
export class SupersededBuilds {
  private readonly waiting = new Map<string, NodeJS.Timeout>();

  constructor(private readonly options: SupersededBuildsOptions) {}

  /** Asked again for the same build it changes nothing. */
  async dropLater(builds: readonly StoredBuild[]): Promise<void> {
    const head = await this.options.log.head();
    for (const build of builds) if (!this.waiting.has(keyOf(build))) this.wait(build, head);
  }

  stop(): void {
    for (const timer of this.waiting.values()) clearTimeout(timer);
    this.waiting.clear();
  }

  private wait(build: StoredBuild, head: bigint): void {
    const timer = setTimeout(() => {
      this.look(build, head)
        .catch((error: Error) => {
          this.options.trouble(build, error);
          return build;
        })
        .then((kept) => {
          // Stopped meanwhile: nothing more is waited for.
          if (this.waiting.get(keyOf(build)) !== timer) return;
          this.waiting.delete(keyOf(build));
          if (kept) return this.dropLater([kept]);
        })
        .catch((error: Error) => this.options.trouble(build, error));
    }, this.options.keepMs);
    timer.unref();
    this.waiting.set(keyOf(build), timer);
  }

  /** Answers the build as it stands when it is kept. */
  private async look(before: StoredBuild, head: bigint): Promise<StoredBuild | undefined> {
    const now = (await this.options.store.builds()).find((one) => keyOf(one) === keyOf(before));
    if (!now) return undefined;
    const isLeft = now.checkpoint === before.checkpoint && now.checkpoint < head;
    if (this.options.isShared && now.state !== 'retired' && !isLeft) return now;
    await this.options.drop(now);
    return undefined;
  }
}

const keyOf = ({ name, version, build }: StoredBuild): string => `${name} ${version}.${build}`;
