import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evidenceOf } from '../finding.js';
import { sampleInput } from '../testing/sample-work.js';
import { openCase } from './case-file.js';
import { quoteStandsIn, textOfDeliverable } from './evidence.js';

const event = {
  type: 'workflow_run',
  data: { exec: { label: 'npm test', ok: false }, note: 'The margin\n  is 35 %,  see page 14.' },
};

describe('a quote', () => {
  it.each([
    'npm test',
    'The margin is 35 %',
    'see page 14.',
    'ok: false',
    'exec.label: npm test',
    'workflow_run',
    'false',
  ])('stands in its event: %s', (quote) => expect(quoteStandsIn(event, quote)).toBe(true));

  it.each(['', '  ', 'e', 'al', 'the margin is 35 %', 'The margin is 53 %', 'see page 14. And more'])(
    'does not: %j',
    (quote) => expect(quoteStandsIn(event, quote)).toBe(false),
  );

  it('stands in the deliverable that its event submitted', () => {
    expect(quoteStandsIn({ type: 'task_submitted', data: {} }, 'enter the Alps')).toBe(false);
    expect(
      quoteStandsIn({ type: 'task_submitted', data: {} }, 'enter the Alps', ['We should enter the Alps first.']),
    ).toBe(true);
  });

  it('that a rule makes of any event stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 600 }), fc.string(), (content, label) => {
        const told = [{ type: 'user_message', data: { content, charCount: content.length, exec: { label } } }];
        const file = openCase(sampleInput({ told, memo: null }));
        for (const kept of file.events)
          for (const { quote } of evidenceOf(file, [{ event: kept }])) expect(file.quoteStands(kept, quote)).toBe(true);
      }),
    );
  });

  it('that a rule makes of what somebody wrote about themselves stands in it, without their name', () => {
    const word = fc.constantFrom('An', 'Do', 'an', 'do', 'Hi', 'I am', 'so', 'margin', 'regards,', '\n', '. ', 'Risk:');
    const content = fc.array(word, { minLength: 1, maxLength: 30 }).map((words) => words.join(' '));
    fc.assert(
      fc.property(content, (text) => {
        const told = [{ type: 'user_message', data: { content: `${text}. An Do, or Do An`, charCount: 1 } }];
        const person = { names: ['An Do'], emails: [] };
        const file = openCase(sampleInput({ told, memo: text, person }));
        for (const kept of file.events)
          for (const { quote } of evidenceOf(file, [{ event: kept }])) {
            expect(file.quoteStands(kept, quote)).toBe(true);
            expect(quote).not.toMatch(/An Do|Do An/);
          }
      }),
    );
  });
});

describe('the text of a deliverable', () => {
  it('holds every text, number and yes/no of its state', () => {
    const long = 'A paragraph that is longer than forty characters stands by itself.';
    expect(textOfDeliverable({ slides: [{ title: 'Alps', body: long }, { rows: [[1, true]] }], kind: 'deck' })).toBe(
      `slides[0].title: Alps\n${long}\nslides[1].rows[0][0]: 1\nslides[1].rows[0][1]: true\nkind: deck`,
    );
    expect(textOfDeliverable('as it is')).toBe('as it is');
  });
});
