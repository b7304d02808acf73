import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endAll, OWNER_KEY, Server } from '../support/server.js';

interface Step {
  readonly command: string;
  readonly printed: string;
}

/** The `$ ` lines of the page's console blocks, each with what the page says it prints. */
function stepsOf(page: string): Step[] {
  const blocks = [...page.matchAll(/```console\n([\s\S]*?)```/g)].map((match) => match[1]!);
  return blocks.flatMap((block) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((step) => {
        const end = step.indexOf('\n');
        return { command: step.slice(0, end), printed: step.slice(end + 1) };
      }),
  );
}

describe("the README's tour", () => {
  let server: Server;
  let bin: string;

  beforeAll(async () => {
    // As `npm start` does: what is submitted is scored.
    server = await Server.start({ env: { VERBATIM_SCORERS: '' } });
    // `npx verbatim` without npm in between: the bin of package.json under its own name.
    bin = await mkdtemp(join(tmpdir(), 'bin-'));
    await symlink(join(process.cwd(), 'apps/cli/bin/verbatim.mjs'), join(bin, 'npx-verbatim'));
  });

  afterAll(async () => {
    await endAll();
    await rm(bin, { recursive: true, force: true });
  });

  it('prints_what_the_page_says', async () => {
    const steps = stepsOf(await readFile('README.md', 'utf8'));
    expect(steps.length).toBeGreaterThan(8);
    const mark = '---8<---';
    const script = steps.map((step) => `${step.command}\necho '${mark}'`).join('\n');
    const changed = script
      .replaceAll('http://127.0.0.1:3000', server.url)
      .replaceAll('gai_your_key', OWNER_KEY)
      .replaceAll('npx verbatim', 'npx-verbatim');
    const { stdout } = await promisify(execFile)('bash', ['-c', changed], {
      env: { PATH: `${bin}:${process.env['PATH']}`, VERBATIM_URL: server.url },
    });
    const printed = stdout.split(`${mark}\n`).slice(0, -1);
    // A body without a line break at its end has the mark right behind it.
    expect(printed.map((text) => text.trimEnd())).toEqual(steps.map((step) => step.printed.trimEnd()));
  });
});
