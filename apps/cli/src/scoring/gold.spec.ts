import { describe, expect, it } from '@jest/globals';
import { readGold } from './gold.js';

describe('a file of human scores', () => {
  it('is read by its header, whatever the order of its columns and whatever else stands there', () => {
    const text = '\ufeffscore,comment,sessionId,categoryId\n12.5,"good, mostly",s1,delegation\n\n0,,s2,diligence\n';
    expect(readGold(text)).toEqual([
      { sessionId: 's1', categoryId: 'delegation', score: 12.5 },
      { sessionId: 's2', categoryId: 'diligence', score: 0 },
    ]);
  });

  it.each([
    ['', /header line with sessionId, categoryId, score and at least one line/],
    ['sessionId,score\ns1,3\n', /lacks categoryId/],
    ['sessionId,categoryId,score\ns1,delegation,3\ns2,delegation,many\n', /Line 3/],
    ['sessionId,categoryId,score\ns1,delegation,-1\n', /Line 2/],
    ['sessionId,categoryId,score\ns1,delegation,\n', /Line 2/],
  ])('that cannot be read says where: %j', (text, message) => {
    expect(() => readGold(text)).toThrow(message);
  });
});
