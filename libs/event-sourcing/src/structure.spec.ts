import { describe, expect, it } from '@jest/globals';
import { defineEvent, type StructureKind } from './catalogue.js';
import { pickStructure, structureOf } from './structure.js';

const pick = (structure: Record<string, StructureKind>, data: object, withOpen?: boolean) =>
  pickStructure(
    data,
    structureOf(defineEvent()({ type: 't', version: 1, layer: 'record', meaning: 'For specs.', structure })),
    withOpen,
  );

describe('structure', () => {
  it.each<[StructureKind, unknown]>([
    ['id', 'session-1.a_b:c/d+e'],
    ['word', 'time_expired'],
    ['number', -1.5],
    ['boolean', false],
    ['time', '2026-01-01T00:00:00.000Z'],
    ['hash', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['open', { any: ['thing'] }],
    ['id', null],
    ['word', ['one', 'two']],
  ])('leaves a fitting %s open: %j', (kind, value) => {
    expect(pick({ field: kind }, { field: value })).toEqual({ open: { field: value }, whole: true });
  });

  it.each<[StructureKind, unknown]>([
    ['id', 'Ada Lovelace'],
    ['id', 'ada@example.com'],
    ['id', ''],
    ['id', 'x'.repeat(129)],
    ['id', 7],
    ['word', 'Ada'],
    ['word', 'ada\n'],
    ['number', '7'],
    ['boolean', 'true'],
    ['time', 'yesterday'],
    ['time', '2026-01-01T00:00:00.000Z and Ada'],
    ['hash', 'ada'],
    ['hash', 'E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855'],
    ['word', ['one', 'Ada Lovelace']],
    ['word', [['one']]],
    ['id', { text: 'Ada' }],
  ])('leaves no %s open that does not fit: %j', (kind, value) => {
    expect(pick({ field: kind }, { field: value })).toEqual({ open: {}, whole: false });
  });

  it('knows nested fields, and leaves what stands beside them', () => {
    const structure = { id: 'id', 'body.exec.exitCode': 'number' } as const;
    expect(pick(structure, { id: 'x', body: { exec: { exitCode: 1, command: 'ls' } }, more: 1 })).toEqual({
      open: { id: 'x', body: { exec: { exitCode: 1 } } },
      whole: false,
    });
    expect(pick(structure, { body: { exec: { exitCode: 1 } } })).toEqual({
      open: { body: { exec: { exitCode: 1 } } },
      whole: true,
    });
    expect(pick(structure, { body: 'Ada' })).toEqual({ open: {}, whole: false });
    expect(pick(structure, { body: ['Ada'] })).toEqual({ open: {}, whole: false });
  });

  it('takes inherited words for no fields', () => {
    const data = JSON.parse('{"__proto__":{"id":"x"},"constructor":"x","toString":"x"}');
    expect(pick({ id: 'id' }, data)).toEqual({ open: {}, whole: false });
  });

  it('leaves open texts out when asked', () => {
    const data = { id: 'x', task: 'a long text' };
    expect(pick({ id: 'id', task: 'open' }, data, false)).toEqual({ open: { id: 'x' }, whole: false });
  });

  it.each(['sealed', 'body.sealed', '__proto__.x', 'a..b', ''])('cannot be declared at %j', (path) => {
    expect(() => pick({ [path]: 'id' }, {})).toThrow('cannot declare');
  });
});
