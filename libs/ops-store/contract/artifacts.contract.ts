import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Subject } from '#ops-store';
import { isVerbatimError } from '#platform';
import type { OpenStore } from './harness.js';

const newSubject = (): Subject => `session:${randomUUID()}`;

export const describeArtifacts = (open: OpenStore): void => {
  describe('artifacts', () => {
    it.each([0, 1, 100_000, 3_000_000])('gives back %d bytes as they were put', async (bytes) => {
      const { artifacts } = await open();
      const subject = newSubject();
      const content = randomBytes(bytes);
      const ref = await artifacts.put(subject, content);
      expect(ref).toMatchObject({ bytes, sha256: createHash('sha256').update(content).digest('hex') });
      expect((await artifacts.get(subject, ref.artifactId))?.equals(content)).toBe(true);
    });

    it('stores the same content of one subject once, also when put at once', async () => {
      const { artifacts } = await open();
      const subject = newSubject();
      const refs = await Promise.all(Array.from({ length: 10 }, () => artifacts.put(subject, Buffer.from('same'))));
      expect(new Set(refs.map((ref) => ref.artifactId)).size).toBe(1);
      expect((await artifacts.get(subject, refs[0]!.artifactId))?.toString()).toBe('same');
    });

    it('names the same content of two subjects differently: an id says nothing about a content', async () => {
      const { artifacts } = await open();
      const [one, two] = [newSubject(), newSubject()];
      const first = await artifacts.put(one, Buffer.from('same'));
      const second = await artifacts.put(two, Buffer.from('same'));
      expect(second.artifactId).not.toBe(first.artifactId);
      expect(await artifacts.get(two, first.artifactId)).toBeUndefined();
    });

    it.each(['', '..', '../../ops.db', 'no-such-id', '0b0e1c9a-6b6e-8d6f-9a53-0d9f1c3b7a11'])(
      'finds nothing under the id %j',
      async (artifactId) => {
        const { artifacts } = await open();
        const subject = newSubject();
        await artifacts.put(subject, Buffer.from('something'));
        expect(await artifacts.get(subject, artifactId)).toBeUndefined();
      },
    );

    it('deletes every artifact of a subject and of no other, repeatably', async () => {
      const { artifacts } = await open();
      const [gone, kept] = [newSubject(), newSubject()];
      const lost = await Promise.all(['a', 'b'].map((text) => artifacts.put(gone, Buffer.from(text))));
      const left = await artifacts.put(kept, Buffer.from('c'));
      await artifacts.deleteAll(gone);
      await artifacts.deleteAll(gone);
      for (const ref of lost) expect(await artifacts.get(gone, ref.artifactId)).toBeUndefined();
      expect((await artifacts.get(kept, left.artifactId))?.toString()).toBe('c');
    });

    it('opens nothing and takes nothing for a subject whose key was destroyed', async () => {
      const { artifacts, keys } = await open();
      const subject = newSubject();
      const ref = await artifacts.put(subject, Buffer.from('secret'));
      await keys.destroy(subject);
      expect(await artifacts.get(subject, ref.artifactId)).toBeUndefined();
      await expect(artifacts.put(subject, Buffer.from('late'))).rejects.toMatchObject({ code: 'not_found' });
    });

    it('keeps nothing readable when writing and deleting race', async () => {
      const { artifacts, keys } = await open();
      const subject = newSubject();
      const puts = Promise.allSettled(
        Array.from({ length: 10 }, (_, index) => artifacts.put(subject, randomBytes(1000 + index))),
      );
      await keys.destroy(subject);
      await artifacts.deleteAll(subject);
      for (const put of await puts) {
        if (put.status === 'rejected') expect(isVerbatimError(put.reason, 'not_found')).toBe(true);
        else expect(await artifacts.get(subject, put.value.artifactId)).toBeUndefined();
      }
    });
  });
};
