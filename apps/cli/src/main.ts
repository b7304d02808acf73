import { Command } from 'commander';
import { ApiClient, type Connect } from './client.js';
import { demoCommand } from './commands/demo.js';
import { doctorCommand } from './commands/doctor.js';
import { keysCommand } from './commands/keys.js';
import { orgCommand } from './commands/org.js';
import { rebuildCommand } from './commands/rebuild.js';
import { recordCommand } from './commands/record.js';
import { scoringCommand } from './commands/scoring.js';

// `verbatim record … | head`: whoever read has seen enough. What is under way on the server stands as it is.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const program = new Command('verbatim')
  .description('The command line of Verbatim: a client of the running server.')
  .option(
    '--url <url>',
    'base URL of the server (VERBATIM_URL)',
    process.env['VERBATIM_URL'] || 'http://127.0.0.1:3000',
  )
  .option('--key <key>', 'API key (VERBATIM_API_KEY)', process.env['VERBATIM_API_KEY'] || undefined)
  .showHelpAfterError('(run with --help for what there is)');

const connect: Connect = (credential) => {
  const { url, key } = program.opts<{ url: string; key?: string }>();
  const used = credential ?? key;
  if (!used)
    throw new Error('No API key. Set VERBATIM_API_KEY to the key that the first start printed, or give --key.');
  return new ApiClient(url.replace(/\/+$/, ''), used);
};

program.addCommand(demoCommand(connect));
program.addCommand(recordCommand(connect));
program.addCommand(keysCommand(connect));
program.addCommand(orgCommand(connect));
program.addCommand(scoringCommand(connect));
program.addCommand(doctorCommand(connect));
program.addCommand(rebuildCommand(connect));

try {
  await program.parseAsync();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
