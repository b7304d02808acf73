import { describe, expect, it } from '@jest/globals';
import { derivedId } from '#platform';

describe('derived ids', () => {
  it('are_the_same_for_the_same_parts_in_every_process', () => {
    expect(derivedId('session', 'org', 'assessment', 1)).toBe('000eb6ac-9b0e-55ea-a99d-66abacc98f97');
  });

  it('differ_where_the_parts_are_cut_differently', () => {
    expect(derivedId('k', 'ab', 'c')).not.toBe(derivedId('k', 'a', 'bc'));
    expect(derivedId('k', 'a|1:b')).not.toBe(derivedId('k', 'a', 'b'));
  });
});
