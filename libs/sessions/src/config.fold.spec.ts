import { describe, expect, it } from '@jest/globals';
import { configOf, emptyConfig, foldConfig } from './config.fold.js';
import type { ActivityTypeName } from './session.events.js';
import { does, inProgress, inSetup, T0 } from './testing/sample-session.js';

const fold = (...steps: readonly (readonly [ActivityTypeName, object | undefined])[]) =>
  configOf(steps.reduce((config, [type, body]) => foldConfig(config, type, body), emptyConfig));

describe('the AI configuration', () => {
  it('a skill switched off before the submission is listed as such', () => {
    const { skills } = fold(
      ['skill_uploaded', { skillId: 'a', name: 'Charts', sha256: 'aa' }],
      ['skill_created', { skillId: 'b', name: 'Tone', sha256: 'bb' }],
      ['skill_disabled', { skillId: 'a' }],
    );
    expect(skills).toEqual([
      { id: 'a', name: 'Charts', enabled: false, sha256: 'aa' },
      { id: 'b', name: 'Tone', enabled: true, sha256: 'bb' },
    ]);
  });

  it('a provided skill is known by being switched; the legacy word means the same', () => {
    expect(fold(['skill_enabled', { skillId: 'p' }], ['skill_activated', { skillId: 'q' }]).skills).toEqual([
      { id: 'p', name: null, enabled: true, sha256: null },
      { id: 'q', name: null, enabled: true, sha256: null },
    ]);
  });

  it('memory and connectors are listed once an id, as told last', () => {
    const config = fold(
      ['memory_added', { memoryId: 'm', sha256: 'aa' }],
      ['memory_added', { memoryId: 'm', sha256: 'bb' }],
      ['connector_connected', { connectorId: 'c', connectorType: 'drive' }],
    );
    expect(config.memory).toEqual([{ id: 'm', sha256: 'bb' }]);
    expect(config.connectors).toEqual([{ id: 'c', type: 'drive' }]);
  });

  it('the instructions file is its last hash, the model the one that answered last', () => {
    const config = fold(
      ['agents_md_edited', { afterHash: 'aa' }],
      ['agents_md_edited', { afterHash: 'bb' }],
      ['ai_response', { provider: 'p', model: 'old' }],
      ['ai_response', { provider: 'p', model: 'new' }],
      ['ai_response', {}],
    );
    expect(config.agentsMd).toEqual({ sha256: 'bb' });
    expect(config.model).toEqual({ provider: 'p', id: 'new' });
  });

  it('nothing that is missing, of another kind or erased stops the fold', () => {
    const types = [
      'skill_created',
      'skill_enabled',
      'memory_added',
      'agents_md_edited',
      'connector_connected',
      'ai_response',
    ] as const;
    const bodies: readonly (object | undefined)[] = [
      undefined,
      {},
      { skillId: 5, memoryId: null, connectorId: [], afterHash: 1, model: {} },
    ];
    for (const type of types) for (const body of bodies) expect(fold([type, body])).toEqual(configOf(emptyConfig));
  });

  it('in the snapshot is that of the submission: what came late is not in it', () => {
    const skill = (id: string) => ({ id, type: 'skill_uploaded', timestampMs: T0, data: { skillId: id } });
    const story = inSetup()
      .after(does.record(2, [skill('early')]))
      .after(does.start(3))
      .after(does.submit(20))
      .after(does.record(20.2, [skill('late')]));
    expect(story.state.snapshot!.skills.map(({ id }) => id)).toEqual(['early']);
    expect(configOf(story.state.config).skills.map(({ id }) => id)).toEqual(['early']);
    expect(inProgress().after(does.submit(20)).state.snapshot!.skills).toEqual([]);
  });
});
