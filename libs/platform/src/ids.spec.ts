import { describe, expect, it } from '@jest/globals';
import { v5 } from 'uuid';
import { derivedId } from '#platform';

describe('derived ids', () => {
  it('are_the_same_for_the_same_parts_in_every_process', () => {
    expect(derivedId('session', 'org', 'assessment', 1)).toBe('000eb6ac-9b0e-55ea-a99d-66abacc98f97');
  });

  it('are_uuids_of_version_5_as_the_library_makes_them', () => {
    const namespace = '6f1c1f0a-6b6e-5d6f-9a53-0d9f1c3b7a11';
    for (const id of ['', 'm-1', 'ü', '😀', 'a\u0000b', 'x'.repeat(128)])
      expect(derivedId('activity', 's', id)).toBe(v5(`8:activity|1:s|${id.length}:${id}`, namespace));
  });

  it('differ_where_the_parts_are_cut_differently', () => {
    expect(derivedId('k', 'ab', 'c')).not.toBe(derivedId('k', 'a', 'bc'));
    expect(derivedId('k', 'a|1:b')).not.toBe(derivedId('k', 'a', 'b'));
  });
});
