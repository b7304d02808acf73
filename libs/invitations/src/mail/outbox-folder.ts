import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { VerbatimConfig } from '#platform';

/**
 * `<data dir>/outbox`: mail that no server was there to take, as files a mail program opens. Names begin with the
 * session's id, so a deleted session's mail is found without any list of it.
 */
@Injectable()
export class OutboxFolder {
  readonly path: string;

  constructor(config: VerbatimConfig) {
    this.path = join(config.dataDir, 'outbox');
  }

  /** Durable before it answers; the same delivery again replaces its file. */
  async keep(sessionId: string, deliveryId: string, content: Uint8Array): Promise<void> {
    // The links inside are credentials: for the operator's eyes alone.
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const target = join(this.path, `${sessionId}.${deliveryId}.eml`);
    const scratch = `${target}.part`;
    await using file = await open(scratch, 'w', 0o600);
    await file.writeFile(content);
    await file.sync();
    await rename(scratch, target);
    await using folder = await open(this.path);
    await folder.sync();
  }

  /** Repeatable. */
  async forget(sessionId: string): Promise<void> {
    const names = await readdir(this.path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    const own = names.filter((name) => name.startsWith(`${sessionId}.`));
    await Promise.all(own.map((name) => rm(join(this.path, name), { force: true })));
  }
}
