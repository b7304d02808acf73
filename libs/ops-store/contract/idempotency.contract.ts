import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { IdempotencyStart, StoredAnswer, Subject } from '#ops-store';
import type { OpenStore } from './harness.js';

const NOW = Date.parse('2026-03-01T12:00:00.000Z');
const DAY = 24 * 60 * 60 * 1000;
const answer: StoredAnswer = { status: 201, headers: { location: '/x' }, body: '{"name":"Ada \\ud800"}' };

const request = (changes: Partial<{ scope: string; key: string; fingerprint: string; now: number }> = {}) => {
  const now = changes.now ?? NOW;
  return { scope: 'org-1 key-1 POST /x', key: 'k', fingerprint: 'f', now, lockUntil: now + 30_000, ...changes };
};

const tokenOf = (start: IdempotencyStart): string => {
  if (start.outcome !== 'started') throw new Error(`Expected to start, but: ${start.outcome}.`);
  return start.token;
};

export const describeIdempotency = (open: OpenStore): void => {
  describe('idempotency records', () => {
    it('answers a repeated request with the first answer', async () => {
      const { idempotency } = await open();
      const token = tokenOf(await idempotency.begin(request()));
      await idempotency.finish({ ...request(), token, answer });
      expect(await idempotency.begin(request())).toEqual({ outcome: 'answered', answer });
    });

    it('lets one of fifty begin at once', async () => {
      const { idempotency } = await open();
      const starts = await Promise.all(Array.from({ length: 50 }, () => idempotency.begin(request())));
      expect(starts.filter(({ outcome }) => outcome === 'started')).toHaveLength(1);
      expect(starts.filter(({ outcome }) => outcome === 'in_use')).toHaveLength(49);
    });

    it('tells another request under the same key, under way or answered', async () => {
      const { idempotency } = await open();
      const token = tokenOf(await idempotency.begin(request()));
      expect(await idempotency.begin(request({ fingerprint: 'other' }))).toEqual({ outcome: 'reused' });
      await idempotency.finish({ ...request(), token, answer });
      expect(await idempotency.begin(request({ fingerprint: 'other' }))).toEqual({ outcome: 'reused' });
    });

    it('keeps scopes apart, whatever the words', async () => {
      const { idempotency } = await open();
      await idempotency.begin(request({ scope: 'ab', key: 'c' }));
      expect(await idempotency.begin(request({ scope: 'a', key: 'bc' }))).toMatchObject({ outcome: 'started' });
    });

    it('frees an abandoned key', async () => {
      const { idempotency } = await open();
      const token = tokenOf(await idempotency.begin(request()));
      await idempotency.abandon({ ...request(), token });
      expect(await idempotency.begin(request({ fingerprint: 'other' }))).toMatchObject({ outcome: 'started' });
    });

    it('lets a lapsed request be taken over, and then listens to the new one alone', async () => {
      const { idempotency } = await open();
      const lost = tokenOf(await idempotency.begin(request()));
      const later = request({ now: NOW + 30_000 });
      const taken = tokenOf(await idempotency.begin(later));
      await idempotency.finish({ ...later, token: lost, answer: { ...answer, body: 'late' } });
      await idempotency.abandon({ ...later, token: lost });
      expect(await idempotency.begin(later)).toEqual({ outcome: 'in_use' });
      await idempotency.finish({ ...later, token: taken, answer });
      expect(await idempotency.begin(later)).toEqual({ outcome: 'answered', answer });
    });

    it('keeps the first answer when a finished request finishes or is abandoned again', async () => {
      const { idempotency } = await open();
      const token = tokenOf(await idempotency.begin(request()));
      await idempotency.finish({ ...request(), token, answer });
      await idempotency.finish({ ...request(), token, answer: { ...answer, body: 'second' } });
      await idempotency.abandon({ ...request(), token });
      expect(await idempotency.begin(request())).toEqual({ outcome: 'answered', answer });
    });

    it('keeps an answer for 24 hours, deleted or not', async () => {
      const { idempotency } = await open();
      const token = tokenOf(await idempotency.begin(request()));
      await idempotency.finish({ ...request(), token, answer });
      expect(await idempotency.begin(request({ now: NOW + DAY - 1 }))).toMatchObject({ outcome: 'answered' });
      expect(await idempotency.begin(request({ now: NOW + DAY }))).toMatchObject({ outcome: 'started' });
    });

    it('deletes what expired and says how many', async () => {
      const { idempotency } = await open();
      const token = tokenOf(await idempotency.begin(request()));
      await idempotency.finish({ ...request(), token, answer });
      await idempotency.begin(request({ key: 'never finished' }));
      await idempotency.begin(request({ key: 'under way', now: NOW + DAY - 1 }));
      expect(await idempotency.deleteExpired(NOW + DAY)).toBe(2);
      expect(await idempotency.deleteExpired(NOW + DAY)).toBe(0);
      expect(await idempotency.begin(request({ key: 'under way', now: NOW + DAY }))).toEqual({ outcome: 'in_use' });
    });

    it('forgets answers with their subject', async () => {
      const { idempotency } = await open();
      const subject: Subject = `session:${randomUUID()}`;
      const token = tokenOf(await idempotency.begin(request()));
      await idempotency.finish({ ...request(), token, answer, subject });
      const other = tokenOf(await idempotency.begin(request({ key: 'other' })));
      await idempotency.finish({ ...request({ key: 'other' }), token: other, answer });
      await idempotency.deleteFor(subject);
      await idempotency.deleteFor(subject);
      expect(await idempotency.begin(request())).toMatchObject({ outcome: 'started' });
      expect(await idempotency.begin(request({ key: 'other' }))).toMatchObject({ outcome: 'answered' });
    });

    it('neither keeps nor repeats an answer about a subject whose key was destroyed', async () => {
      const { idempotency, keys } = await open();
      const subject: Subject = `session:${randomUUID()}`;
      const token = tokenOf(await idempotency.begin(request()));
      await idempotency.finish({ ...request(), token, answer, subject });
      await keys.destroy(subject);
      const again = tokenOf(await idempotency.begin(request()));
      await idempotency.finish({ ...request(), token: again, answer, subject });
      expect(await idempotency.begin(request())).toMatchObject({ outcome: 'started' });
    });
  });
};
