import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readRecording } from './readers.js';
import type { RecordedStep, Recording } from './recording.js';

const read = (file: string): Recording => {
  const recording = readRecording(readFileSync(join(process.cwd(), 'test/fixtures/recorded', file), 'utf8'));
  if (!recording) throw new Error(`${file} was not recognised`);
  return recording;
};

const FILES = [
  ['agtrace-claude_session.jsonl', 'claude-code-log'],
  ['claude-code-log-edge-cases.jsonl', 'claude-code-log'],
  ['claude-code-log-representative.jsonl', 'claude-code-log'],
  ['claude-code-transcripts-sample.jsonl', 'claude-code-log'],
  ['agtrace-codex_session.jsonl', 'codex-cli-log'],
  ['swe-agent-ctf-katy.traj', 'swe-agent-trajectory'],
  ['swe-agent-marshmallow-1867-default.traj', 'swe-agent-trajectory'],
  ['swe-agent-marshmallow-1867-function-calling.traj', 'swe-agent-trajectory'],
  ['swe-agent-pydicom-1458.traj', 'swe-agent-trajectory'],
] as const;
const NAMES = FILES.map(([file]) => file);

/** `type: what it was`, to read a recording's steps as a story. */
const story = (steps: readonly RecordedStep[]): string[] =>
  steps.map(({ type, data }) => {
    const exec = data['exec'] as { label: string; exitCode?: number; ok?: boolean } | undefined;
    const change = data['change'] as { charsAdded: number; charsRemoved?: number } | undefined;
    const text = String(data['content'] ?? data['command'] ?? data['tool']).slice(0, 40);
    const ran = exec ? ` $ ${exec.label} -> ${exec.exitCode ?? exec.ok ?? '?'}` : '';
    return `${type}: ${text}${ran}${change ? ` +${change.charsAdded}` : ''}`;
  });

describe('readers of recorded work', () => {
  it.each(FILES)('%s_is_recognised_by_its_content_as_%s', (file, format) => {
    expect(read(file).format).toBe(format);
  });

  it.each(NAMES)('%s_gives_every_step_an_id_of_its_own_that_is_the_same_each_time', (file) => {
    const ids = read(file).steps.map((step) => step.id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(read(file).steps.map((step) => step.id)).toEqual(ids);
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(128);
  });

  it.each(NAMES.filter((name) => name.endsWith('.jsonl')))('%s_accounts_for_every_line', (file) => {
    const recording = read(file);
    const lines = readFileSync(join(process.cwd(), 'test/fixtures/recorded', file), 'utf8').split('\n');
    const kept = recording.steps.flatMap((step) => step.data['raw']);
    const named = new Set([...recording.unmapped, ...recording.broken].map((remark) => remark.where));
    for (const [index, line] of lines.entries()) {
      if (line.trim() === '' || named.has(`line ${index + 1}`)) continue;
      expect(kept).toContainEqual(JSON.parse(line));
    }
  });

  it('a_claude_code_log_reads_like_the_original', () => {
    expect(story(read('agtrace-claude_session.jsonl').steps)).toEqual([
      'user_message: add myapp directory and create myapp/hog',
      "ai_response: I'll create the myapp directory and then",
      'ai_tool_use: Bash $ mkdir -p myapp -> true',
      'ai_tool_use: Write +11',
      "ai_response: Done! I've created the `myapp` directory",
      'user_message: cd to myapp and run python hoge.py',
      'ai_tool_use: Bash $ cd myapp && python hoge.py -> false',
      'ai_tool_use: Bash $ cd myapp && python3 hoge.py -> true',
      'ai_response: Perfect! The script executed successfull',
      'slash_command: /exit',
    ]);
  });

  it('a_codex_log_keeps_exit_codes_and_tells_nothing_twice', () => {
    expect(story(read('agtrace-codex_session.jsonl').steps)).toEqual([
      'user_message: add myapp directory and create myapp/hog',
      'ai_tool_use: shell_command $ mkdir -p myapp -> 0',
      'ai_tool_use: apply_patch +12',
      'ai_response: Added simple script in `myapp/hoge.py` t',
      'user_message: cd to myapp and run python hoge.py',
      'ai_tool_use: shell_command $ python hoge.py -> 1',
      'ai_tool_use: shell_command $ python hoge.py -> 1',
      'ai_tool_use: shell_command $ python3 hoge.py -> 0',
      'ai_response: Ran the script with `python3` (since `py',
    ]);
  });

  it('a_trajectory_has_a_thought_and_an_action_a_step_and_makes_up_no_exit_codes', () => {
    const recording = read('swe-agent-marshmallow-1867-function-calling.traj');
    const uses = recording.steps.filter((step) => step.type === 'ai_tool_use');
    expect(uses).toHaveLength(11);
    expect(story(uses).slice(0, 4)).toEqual([
      'ai_tool_use: create +0',
      'ai_tool_use: edit +223',
      'ai_tool_use: shell $ python reproduce.py -> ?',
      'ai_tool_use: shell $ ls -F -> ?',
    ]);
    expect(uses[6]!.data).toMatchObject({ tool: 'edit', ok: false });
    expect(uses[6]!.data).not.toHaveProperty('change');
    expect(JSON.stringify(recording.steps.map(({ data: { raw: _, ...data } }) => data))).not.toContain('exitCode');
    expect(recording.deliverable).toMatchObject({
      exitStatus: 'submitted',
      submission: expect.stringContaining('diff --git'),
    });
    const offsets = recording.steps.map((step) => step.offsetMs);
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
  });

  it('broken_and_odd_lines_are_reported_by_number_and_the_rest_is_read', () => {
    const recording = read('claude-code-log-edge-cases.jsonl');
    expect(recording.broken.map((remark) => remark.where)).toEqual([
      'line 10',
      'line 11',
      'line 13',
      'line 14',
      'line 15',
      'line 16',
      'line 18',
    ]);
    expect(story(recording.steps)).toContain('slash_command: test-command');
    const slash = recording.steps.find((step) => step.type === 'slash_command');
    expect(slash?.data).toMatchObject({
      args: '--verbose --output /tmp/test.log',
      output: expect.stringContaining('SUCCESS'),
    });
  });

  it('an_unknown_format_is_no_recording', () => {
    expect(readRecording('name,email\nAda,ada@example.com\n')).toBeUndefined();
    expect(readRecording('{"events":[]}')).toBeUndefined();
    expect(readRecording('')).toBeUndefined();
  });
});
