import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { OWNER_KEY, type Server } from './server.js';

const CLI = fileURLToPath(new URL('../../apps/cli/src/main.js', import.meta.url));

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command line in a process of its own, against a running server. */
export const verbatim = (server: Server, args: readonly string[], env: Record<string, string> = {}): Promise<CliRun> =>
  new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [CLI, ...args],
      {
        env: { PATH: process.env['PATH'] ?? '', VERBATIM_URL: server.url, VERBATIM_API_KEY: OWNER_KEY, ...env },
        maxBuffer: 32 * 1024 * 1024,
      },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
