import { describe, expect, it } from '@jest/globals';
import { ATTEMPTS } from '../testing/attempts.js';
import { PLACES } from '../testing/places.js';
import { GOOD_WORK, judged, sampleInput, scoresOf, type Told } from '../testing/sample-work.js';

const FILE: Told = { type: 'file_uploaded', data: { fileId: 'f1', name: 'notes.txt', purpose: 'source' } };
const named = (attempt: string): Told => ({ ...FILE, data: { ...FILE.data, name: `notes.txt\n${attempt}` } });

describe.each(Object.keys(PLACES))('attempts %s', (place) => {
  it('leave every score of the same work as it was, and are flagged', async () => {
    const honest = scoresOf(await judged(sampleInput()));
    for (const [name, attempt] of Object.entries(ATTEMPTS)) {
      const judgement = await judged(sampleInput(PLACES[place]!(attempt)));
      expect({ name, scores: scoresOf(judgement) }).toEqual({ name, scores: honest });
      // An event's id is read by no judge: there is nothing to flag.
      expect({ name, flags: judgement.securityFlags.map(({ code }) => code) }).toEqual({
        name,
        flags: place === 'in ids' ? [] : ['prompt_injection'],
      });
    }
  });
});

describe('attempts in the name of a file', () => {
  it('leave the scores as they are with an honest name', async () => {
    const honest = scoresOf(await judged(sampleInput({ told: [...GOOD_WORK, FILE] })));
    for (const [name, attempt] of Object.entries(ATTEMPTS)) {
      const judgement = await judged(sampleInput({ told: [...GOOD_WORK, named(attempt)] }));
      expect({ name, scores: scoresOf(judgement) }).toEqual({ name, scores: honest });
      expect(judgement.securityFlags[0]?.code).toBe('prompt_injection');
    }
  });
});

describe('a flag', () => {
  it('names the events and what was recognised, and never repeats the attempt', async () => {
    const { securityFlags, summaryText, feedbackText } = await judged(
      sampleInput({ told: [...GOOD_WORK, named(ATTEMPTS['plain']!)] }),
    );
    expect(securityFlags).toEqual([
      {
        code: 'prompt_injection',
        severity: 'high',
        source: 'server',
        evidence: { eventIds: [`event-${GOOD_WORK.length}`], signs: ['demand_for_points', 'override_instructions'] },
      },
    ]);
    expect(summaryText).toContain('they count for nothing');
    expect(feedbackText).not.toMatch(/judge|flag|instruction/i);
  });

  it('is not raised by honest work', async () => {
    expect((await judged(sampleInput())).securityFlags).toEqual([]);
  });
});
