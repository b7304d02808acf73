import { execFile } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { NodeCommand } from './testing/node-command.js';

const run = promisify(execFile);

describe('the README', () => {
  it('shows a client in twenty lines that run as they stand there', async () => {
    const page = await readFile(join(process.cwd(), 'eventstore/node/README.md'), 'utf8');
    const printed = /```js\n(.*?)```/s.exec(page)![1]!;
    const lines = printed.split('\n').filter(Boolean);
    expect(lines.length).toBeLessThanOrEqual(20);
    await using node = await NodeCommand.run(['--port', '0']);
    const ours = await node.listening();
    // The port alone is another: 2113 may be somebody's.
    const script = printed.replace('esdb://127.0.0.1:2113?tls=false', ours);
    expect(script).not.toBe(printed);
    // Beside the packages it imports.
    const file = join(process.cwd(), `dist/eventstore/node/readme-${process.pid}.mjs`);
    await writeFile(file, script);
    try {
      const { stdout } = await run(process.execPath, [file]);
      expect(stdout.trim().split('\n')).toEqual([
        'read 0n told 1',
        'read 1n told 2',
        'heard 0n 1',
        'heard 1n 2',
        'heard 2n 3',
      ]);
    } finally {
      await rm(file);
    }
  });
});
