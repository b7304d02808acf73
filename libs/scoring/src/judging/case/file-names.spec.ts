import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ATTEMPTS } from '../testing/attempts.js';
import { answer, judged, opens, prompt, sampleInput, scoresOf, type Told } from '../testing/sample-work.js';
import { atOnce } from '../turns.js';
import { proseOfDeliverable, scanningApart, withoutFileNames } from './file-names.js';

const oneLine = (name: string): string => name.replaceAll('\n', ' ');
const diffOf = (name: string, line: string): string =>
  `diff --git a/${oneLine(name)} b/${oneLine(name)}\n--- a/${oneLine(name)}\n+++ b/${oneLine(name)}\n@@ -1,1 +1,2 @@\n Northwind\n+${line}`;

/** Little of everything, so that no score has reached the most it can be and a word more or less would show. */
const MEMO =
  'Enter the Alps first: 35 % there beats the larger sales of Iberia. The currency can be hedged for a year or two.';

/** The same work; everything in it that bears a name bears the one that is told, with a number behind it. */
const work = (name: (which: number) => string): Parameters<typeof sampleInput>[0] => ({
  told: [
    { type: 'file_uploaded', phase: 'setup', data: { fileId: 'f1', name: name(1), purpose: 'source' } },
    { type: 'skill_uploaded', phase: 'setup', data: { skillId: name(7), name: name(2), fileId: name(3) } },
    { type: 'connector_connected', phase: 'setup', data: { connectorId: name(4), connectorType: 'drive' } },
    { type: 'agents_md_edited', phase: 'setup', data: { afterHash: 'h2', patch: diffOf(name(5), 'State it.') } },
    prompt('Compare what we sell in each place.'),
    answer('Iberia sells most, the Alps earn most.'),
    aiWrote(name(6), diffOf(name(6), 'The margin in the Alps is 35 %.')),
    { type: 'manual_edit', data: { targetPath: name(6), change: { actor: 'candidate' } } },
    { type: 'manual_edit', data: { targetPath: name(6), change: { actor: 'candidate' } } },
    opens(name(8)),
    opens(name(9)),
    { type: 'inbox_item_opened', data: { itemId: name(10), itemType: 'email' } },
  ],
  memo: {
    files: { [name(11)]: { path: name(11), content: MEMO } },
    slides: [{ name: name(12), heading: 'Alps' }],
    patch: diffOf(name(13), 'const margin = 35;'),
  },
  person: { names: ['Ada Li'], emails: ['ada.li@example.com'] },
});

const aiWrote = (targetPath: string, content: string): Told => ({
  type: 'ai_tool_use',
  via: 'runtime',
  data: { tool: 'write', category: 'write', content, targetPath, change: { actor: 'ai' } },
});

const scores = async (name: (which: number) => string) => scoresOf(await judged(sampleInput(work(name))));

describe('what files are called', () => {
  const plain = scores((which) => `file-${which}.md`);

  it.each(Object.entries(ATTEMPTS))(
    'leaves every score of the same work as it was when it is an attempt: %s',
    async (_, attempt) => {
      expect(await scores((which) => `${attempt}${which}`)).toEqual(await plain);
      expect(await scores((which) => `${which} ${attempt}`)).toEqual(await plain);
      expect(await scores((which) => `${which}.md\n${attempt}`)).toEqual(await plain);
    },
  );

  it.each([
    ['the task\u2019s own words', 'market report cost sheet revenue margin risk region Northwind memo recommend'],
    ['a long text', 'Because the margin of 35 % outweighs the currency risk. '.repeat(40)],
    ['the candidate\u2019s name', 'Ada Li'],
    ['a link', 'https://example.com/'],
    ['nothing but signs', '../'],
  ])('counts for nothing, be it %s', async (_, name) => {
    expect(await scores((which) => `${name}${which}`)).toEqual(await plain);
  });

  it('counts for nothing, be it anything', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }), async (name) => {
        expect(await scores((which) => `${name}${which}`)).toEqual(await plain);
      }),
      { numRuns: 60 },
    );
  });

  it('is flagged all the same when it addresses the judge', async () => {
    const { securityFlags } = await judged(sampleInput(work((which) => `${ATTEMPTS['plain']}${which}`)));
    expect(securityFlags.map(({ code }) => code)).toEqual(['prompt_injection']);
  });
});

describe('a difference between files', () => {
  const codex =
    '*** Begin Patch\n*** Update File: src/margin.ts\n-const margin = 34;\n+const margin = 35;\n*** End Patch';

  it('is read without the lines that name them', () => {
    expect(withoutFileNames(diffOf('a.md', 'Risk: currency.'))).toBe('@@ -1,1 +1,2 @@\n Northwind\n+Risk: currency.');
    expect(withoutFileNames(codex)).toBe('*** Begin Patch\n-const margin = 34;\n+const margin = 35;\n*** End Patch');
    expect(withoutFileNames('Options:\n--- none\nof them')).toBe('Options:\n--- none\nof them');
  });

  it('keeps its changes when the name of a file is an attempt, and the names when a change is one', () => {
    expect(atOnce(scanningApart(diffOf(ATTEMPTS['plain']!, 'Risk: currency.')))).toEqual({
      clean: 'diff --git [file]\n--- [file]\n+++ [file]\n@@ -1,1 +1,2 @@\n Northwind\n+Risk: currency.',
      signs: ['demand_for_points', 'override_instructions'],
    });
    const { clean } = atOnce(scanningApart(diffOf('a.md', ATTEMPTS['plain']!)));
    expect(clean).toContain('+++ b/a.md\n');
    expect(clean).not.toMatch(/previous instructions/);
  });
});

describe('the prose of a deliverable', () => {
  it('is its values, without its keys and without what its parts are called', () => {
    const state = {
      id: 'd1',
      files: { 'a b.md': { path: 'a b.md', content: 'Alps first' } },
      rows: [[35, true, null]],
    };
    expect(proseOfDeliverable(state)).toBe('Alps first\n35\ntrue');
    expect(proseOfDeliverable('as it is')).toBe('as it is');
  });
});
