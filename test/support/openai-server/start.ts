import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Seen, Setting } from './behaviour.js';

export interface OpenAiServer {
  /** As `OPENAI_BASE_URL` wants it. */
  readonly baseUrl: string;
  /** From now on; what is left out is as it should be. Forgets what was seen. */
  behave(setting?: Partial<Setting>): Promise<void>;
  seen(): Promise<Seen>;
  stop(): Promise<void>;
}

/** In a process of its own, which ends with this one. */
export const startOpenAiServer = async (): Promise<OpenAiServer> => {
  const child = fork(fileURLToPath(new URL('./main.js', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const origin = line.toString().trim();
  return {
    baseUrl: `${origin}/v1`,
    behave: async (setting = {}) => {
      const response = await fetch(`${origin}/setting`, { method: 'PUT', body: JSON.stringify(setting) });
      if (!response.ok) throw new Error(`The server refused the setting: ${await response.text()}`);
    },
    seen: async () => (await (await fetch(`${origin}/seen`)).json()) as Seen,
    stop: async () => {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
};
