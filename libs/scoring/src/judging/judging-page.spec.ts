import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { EVENT_CRITERIA } from './events/criteria.js';
import { HEURISTICS } from './offline/offline-judge.js';

const page = readFileSync(new URL('../../../../../docs/judging.md', import.meta.url), 'utf8');
const section = (name: string): readonly string[] =>
  (page.split(/^### /m).find((part) => part.startsWith(`${name}\n`)) ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| `'));

describe('the page on judging', () => {
  it.each([
    ['Event analysis', EVENT_CRITERIA],
    ['The offline judge', HEURISTICS],
  ])('says of %s what the code says, rule by rule', (name, rules) => {
    expect(section(name)).toEqual(rules.map(({ id, rule }) => `| \`${id}\` | ${rule} |`));
  });
});
