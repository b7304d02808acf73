import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { NodeCommand } from './testing/node-command.js';

const run = promisify(execFile);
const PYTHON = process.env['TEST_PYTHON'];
const SCRIPT = join(process.cwd(), 'eventstore/node/testing/python-client.py');

describe('a client of another language', () => {
  if (!PYTHON) {
    it.skip('set TEST_PYTHON to a python3 that has `pip install esdbclient==1.1.7` to run this spec', () => {});
    return;
  }

  it('appends, reads, subscribes, consumes and is refused as by a real server', async () => {
    await using node = await NodeCommand.run(['--port', '0']);
    const connection = (await node.listening()).replace('tls=', 'Tls=');
    const { stdout } = await run(PYTHON, [SCRIPT, connection], { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({
      read: [
        [0, 0],
        [1, 1],
        [2, 2],
      ],
      backwards: [2, 1],
      all: ['py-1', 'py-1', 'py-1'],
      heard: [0, 1, 2],
      conflict: 'WrongCurrentVersion',
      missing: 'NotFound',
      consumed: [
        [0, 0],
        [1, 0],
        [2, 0],
        [0, 1],
      ],
      info: 'group',
      deleted: 'StreamIsDeleted',
    });
  });
});
