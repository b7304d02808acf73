import { Command, Option } from 'commander';
import type { Connect } from '../client.js';
import { operatorToken } from '../operator-token.js';

interface Changes {
  readonly name?: string;
  readonly subscription?: string;
  readonly quota?: string;
}

const quotaOf = (text: string): number | null => {
  if (text === 'none') return null;
  if (!/^\d{1,9}$/.test(text)) throw new Error('--quota must be a whole number from 0, or none.');
  return Number(text);
};

export function orgCommand(connect: Connect): Command {
  const org = new Command('org').description('organizations');
  org
    .command('create <name>')
    .description('makes an organization and prints its owner key this once (needs VERBATIM_OPERATOR_TOKEN)')
    .option('--operator-token <token>', 'the token the server was started with (VERBATIM_OPERATOR_TOKEN)')
    .action(async (name: string, options: { operatorToken?: string }) => {
      const answer = await connect(operatorToken(options)).post<{
        organization: { id: string; name: string };
        key: string;
      }>('/api/organizations', { name });
      console.error(
        `Organization ${answer.organization.id} (${answer.organization.name}); its owner key is shown this once:`,
      );
      console.log(answer.key);
    });
  org
    .command('set')
    .description("changes the key's own organization and prints it")
    .option('--name <name>')
    .addOption(new Option('--subscription <state>').choices(['active', 'trial_expired', 'inactive']))
    .option('--quota <number>', 'assessments that may be created in a calendar month (UTC); none: without limit')
    .action(async ({ name, subscription, quota }: Changes) => {
      const changes = {
        ...(name === undefined ? {} : { name }),
        ...(subscription === undefined ? {} : { subscription }),
        ...(quota === undefined ? {} : { monthlyAssessmentQuota: quotaOf(quota) }),
      };
      const { organization } = await connect().patch<{ organization: object }>('/api/organization', changes);
      console.log(JSON.stringify(organization, null, 2));
    });
  return org;
}
