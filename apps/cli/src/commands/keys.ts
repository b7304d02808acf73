import { Command, Option } from 'commander';
import type { Connect } from '../client.js';

interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly keyPrefix: string;
  readonly isActive: boolean;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}

const ROLES = ['owner', 'admin', 'reviewer', 'auditor', 'scorer', 'runtime'];

export function keysCommand(connect: Connect): Command {
  const keys = new Command('keys').description('API keys of the organization');

  keys
    .command('list', { isDefault: true })
    .description('every key, without its secret')
    .action(async () => {
      const { apiKeys } = await connect().get<{ apiKeys: readonly ApiKey[] }>('/api/api-keys');
      for (const key of apiKeys)
        console.log(
          [
            key.id,
            key.keyPrefix,
            key.role,
            key.isActive ? 'active' : 'inactive',
            key.lastUsedAt ?? 'never used',
            key.name,
          ].join('  '),
        );
    });

  keys
    .command('create <name>')
    .description('makes a key and prints it this once')
    .addOption(new Option('--role <role>', 'what it may do').choices(ROLES).default('admin'))
    .option('--expires <iso>', 'ISO-8601 time after which it is refused')
    .option('--pii', 'an auditor that sees names and e-mails')
    .action(async (name: string, options: { role: string; expires?: string; pii?: boolean }) => {
      const { apiKey, key } = await connect().post<{ apiKey: ApiKey; key: string }>('/api/api-keys', {
        name,
        role: options.role,
        ...(options.expires ? { expiresAt: options.expires } : {}),
        ...(options.pii ? { pii: true } : {}),
      });
      console.error(`Key ${apiKey.id} (${apiKey.role}); it is shown this once:`);
      console.log(key);
    });

  keys
    .command('revoke <id>')
    .description('refuses the key from now on')
    .action(async (id: string) => {
      await connect().delete(`/api/api-keys/${encodeURIComponent(id)}`);
      console.log(`revoked ${id}`);
    });

  return keys;
}
