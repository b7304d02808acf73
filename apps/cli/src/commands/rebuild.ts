import { setTimeout as delay } from 'node:timers/promises';
import { Command } from 'commander';
import type { ApiClient, Connect } from '../client.js';
import { operatorToken } from '../operator-token.js';

interface Projection {
  readonly name: string;
  readonly version: number;
  readonly build: number;
  readonly state: 'building' | 'live' | 'stopped';
  readonly reason: string | null;
  readonly behind: number;
}

const LOOK_MS = 500;

const get = async (client: ApiClient): Promise<readonly Projection[]> =>
  (await client.get<{ projections: readonly Projection[] }>('/api/projections')).projections;

export function rebuildCommand(connect: Connect): Command {
  return new Command('rebuild')
    .description(
      'builds the lists anew from the log while the server goes on with those it has (needs VERBATIM_OPERATOR_TOKEN)',
    )
    .option('--projection <name>', 'one of them; without it all')
    .option('--operator-token <token>', 'the token the server was started with (VERBATIM_OPERATOR_TOKEN)')
    .action(async (options: { projection?: string; operatorToken?: string }) => {
      const client = connect(operatorToken(options));
      const { projections: asked } = await client.post<{ projections: readonly Projection[] }>(
        '/api/projections/rebuild',
        options.projection === undefined ? {} : { projection: options.projection },
      );
      const waiting = new Set(asked.map(({ name }) => name));
      console.error(`building ${[...waiting].join(', ')}`);
      while (waiting.size > 0) {
        await delay(LOOK_MS);
        const now = await get(client);
        for (const { name, version, build } of asked) {
          if (!waiting.has(name)) continue;
          const found = now.find((one) => one.name === name && one.version === version && one.build === build);
          if (found?.state === 'building') continue;
          waiting.delete(name);
          if (found?.state === 'live') console.log(`${name}: built anew`);
          else {
            console.log(`${name}: ${found ? `stopped: ${found.reason}` : 'given up, another was begun'}`);
            process.exitCode = 1;
          }
        }
      }
    });
}
