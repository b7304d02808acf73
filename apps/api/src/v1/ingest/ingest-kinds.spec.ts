import { describe, expect, it } from '@jest/globals';
import { activityOf } from './ingest-kinds.js';

const artifactId = expect.stringMatching(/^file-[0-9a-f]{16}$/);

describe("a coding tool's kinds", () => {
  it.each([
    [
      'prompt',
      { content: 'Why does it fail?' },
      { type: 'user_message', data: { kind: 'prompt', content: 'Why does it fail?' } },
    ],
    [
      'decision_event',
      { decision: 'Keep the cache.', rationale: 'It is measured.' },
      { type: 'user_message', data: { kind: 'decision', content: 'Keep the cache.\nIt is measured.' } },
    ],
    [
      'ai_response',
      { text: 'Because…', model: 'm-1', input_tokens: 12, output_tokens: 3 },
      {
        type: 'ai_response',
        data: { content: 'Because…', model: 'm-1', usage: { inputTokens: 12, outputTokens: 3 } },
      },
    ],
    [
      'file_diff',
      { path: 'src/a.ts', diff: '--- a/src/a.ts\n+++ b/src/a.ts\n@@ -1 +1,2 @@\n-old\n+newer\n+line\n same' },
      {
        type: 'manual_edit',
        data: {
          targetPath: 'src/a.ts',
          change: { artifactId, artifactType: 'ts', actor: 'candidate', charsAdded: 9, charsRemoved: 3 },
        },
      },
    ],
    [
      'file_create',
      { file_path: 'Makefile', content: 'all:' },
      {
        type: 'manual_edit',
        data: {
          targetPath: 'Makefile',
          change: { artifactId, artifactType: 'file', actor: 'candidate', charsAdded: 4 },
        },
      },
    ],
    [
      'command',
      { command: 'ls', exit_code: 2 },
      {
        type: 'workflow_run',
        data: { exec: { kind: 'command', label: 'ls', exitCode: 2, ok: false, initiator: 'candidate' } },
      },
    ],
    [
      'test_run',
      { framework: 'jest', total: 10, failed: 2, skipped: 1 },
      {
        type: 'workflow_run',
        data: {
          exec: { kind: 'test', label: 'jest', initiator: 'candidate', tests: { passed: 7, failed: 2, skipped: 1 } },
        },
      },
    ],
    [
      'git_action',
      { action: 'commit' },
      {
        type: 'workflow_run',
        data: { exec: { kind: 'command', label: 'git commit', initiator: 'candidate' } },
      },
    ],
  ] as const)('%s of a human', (kind, data, activity) => {
    expect(activityOf(kind, data, 'human')).toEqual(activity);
    expect(activityOf(kind, data, undefined)).toEqual(activity);
  });

  it.each([
    ['file_diff', { path: 'a.py' }, { category: 'write', change: { artifactId, artifactType: 'py', actor: 'ai' } }],
    ['command', { command: 'ls' }, { category: 'command', exec: { kind: 'command', label: 'ls', initiator: 'ai' } }],
    ['test_run', { passed: 3, failed: 0 }, { category: 'test', exec: { tests: { passed: 3, failed: 0 } } }],
    ['git_action', { command: 'git push' }, { category: 'command', exec: { label: 'git push' } }],
  ] as const)('%s of the AI is its use of a tool', (kind, data, expected) => {
    for (const actor of ['ai', 'assistant', 'agent', 'model'])
      expect(activityOf(kind, data, actor)).toMatchObject({ type: 'ai_tool_use', data: expected });
  });

  it('never take what the AI wrote for a prompt of the candidate', () => {
    expect(activityOf('prompt', { content: 'Plan first.' }, 'ai').data).toMatchObject({ actor: 'ai' });
  });

  it('take one path for one artifact, whoever edits it', () => {
    const edited = (actor: string) => activityOf('file_diff', { path: 'a.ts' }, actor).data['change'] as object;
    expect(edited('ai')).toMatchObject({ artifactId: (edited('human') as { artifactId: string }).artifactId });
  });
});
