import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const page = read('docs/operations.md');
const section = (name: string): string => page.split(/^## /m).find((part) => part.startsWith(`${name}\n`)) ?? '';
const named = (text: string, pattern: RegExp): readonly string[] =>
  [...new Set(Array.from(text.matchAll(pattern), ([, name]) => name!))].toSorted();

describe('the page for operators', () => {
  it('has a row for every setting that the server reads, and no other', () => {
    const rows = section('Settings')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    const described = named(rows.map((row) => row.split('|')[1]).join(), /`([A-Z_]+)`/g);
    expect(described.length).toBeGreaterThan(15);
    expect(described).toEqual(
      named(
        ['config', 'store-urls', 'scoring-model', 'event-store-door']
          .map((file) => read(`libs/platform/src/${file}.ts`))
          .join(),
        /'([A-Z]{3,}(?:_[A-Z]+)*)'/g,
      ),
    );
  });

  it('has a row for every metric of our own, and no other', () => {
    const sources = ['apps/api/src/http/metrics.ts', 'apps/api/src/health/process-metrics.ts'].map(read).join();
    expect(named(section('Metrics'), /`(verbatim_\w+)`/g)).toEqual(named(sources, /'(verbatim_\w+)'/g));
  });
});
