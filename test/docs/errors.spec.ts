import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ERROR_CATALOGUE } from '#platform';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const ROW = /^\| (\d{3}) \| `([a-z_0-9]+)` \| ([a-z_]+) \| (\S.*?) \| (\S.*?) \|$/gm;
const rows = Array.from(page.matchAll(ROW), ([, status, code, type]) => [code, [Number(status), type]]);

describe('the page of errors', () => {
  it('has a row for every code of the catalogue, with its status and type, and no other', () => {
    expect(rows).toHaveLength(Object.keys(ERROR_CATALOGUE).length);
    expect(Object.fromEntries(rows)).toEqual(ERROR_CATALOGUE);
  });
});
