import { Command } from 'commander';
import type { Connect } from '../client.js';

export function orgCommand(connect: Connect): Command {
  const org = new Command('org').description('organizations');
  org
    .command('create <name>')
    .description('makes an organization and prints its owner key this once (needs VERBATIM_OPERATOR_TOKEN)')
    .option('--operator-token <token>', 'the token the server was started with (VERBATIM_OPERATOR_TOKEN)')
    .action(async (name: string, options: { operatorToken?: string }) => {
      const token = options.operatorToken ?? (process.env['VERBATIM_OPERATOR_TOKEN'] || undefined);
      if (!token)
        throw new Error('No operator token. Set VERBATIM_OPERATOR_TOKEN to the one the server was started with.');
      const answer = await connect(token).post<{ organization: { id: string; name: string }; key: string }>(
        '/api/organizations',
        { name },
      );
      console.error(
        `Organization ${answer.organization.id} (${answer.organization.name}); its owner key is shown this once:`,
      );
      console.log(answer.key);
    });
  return org;
}
