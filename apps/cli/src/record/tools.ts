import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { isObject, type JsonObject, known, textOf } from './recording.js';

type Category = 'search' | 'read' | 'write' | 'command' | 'test' | 'other';

const TEST =
  /\b(pytest|tox|unittest|jest|vitest|mocha|rspec|phpunit|ctest|go test|cargo (test|nextest)|(npm|yarn|pnpm)( run)? test|mvn\b.*\btest|gradle\b.*\btest|make (test|check))\b/;

/** What a shell command was for, by its words. */
const commandKind = (command: string): 'test' | 'command' => (TEST.test(command) ? 'test' : 'command');

/** A run of a command by the AI. Exit code and outcome only where the recording tells them: nothing is guessed. */
export const execOf = (
  command: string,
  outcome: { exitCode?: number | undefined; ok?: boolean | undefined; durationMs?: number | undefined },
): JsonObject =>
  known({
    kind: commandKind(command),
    label: command,
    exitCode: outcome.exitCode,
    ok: outcome.ok ?? (outcome.exitCode === undefined ? undefined : outcome.exitCode === 0),
    durationMs: outcome.durationMs,
    initiator: 'ai',
  });

const CATEGORIES: Readonly<Record<string, Category>> = {
  Read: 'read',
  NotebookRead: 'read',
  LS: 'read',
  Glob: 'search',
  Grep: 'search',
  WebSearch: 'search',
  WebFetch: 'read',
  Write: 'write',
  Edit: 'write',
  MultiEdit: 'write',
  NotebookEdit: 'write',
  apply_patch: 'write',
  open: 'read',
  goto: 'read',
  scroll_up: 'read',
  scroll_down: 'read',
  find_file: 'search',
  search_file: 'search',
  search_dir: 'search',
  create: 'write',
  edit: 'write',
};

export const categoryOf = (tool: string, command?: string): Category =>
  CATEGORIES[tool] ?? (command === undefined ? 'other' : commandKind(command));

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A change of a file by the AI. The artifact's id follows from its path, so that edits of one file belong together. */
export const fileChange = (path: string, added: string, removed: string | undefined): JsonObject =>
  known({
    artifactId: `file-${hash(path).slice(0, 16)}`,
    artifactType: extname(basename(path)).slice(1).toLowerCase() || 'file',
    actor: 'ai',
    charsAdded: added.length,
    charsRemoved: removed?.length,
    beforeHash: removed === undefined ? undefined : hash(removed),
    afterHash: hash(added),
  });

/** The change that a tool's own input describes; undefined for tools that change nothing. */
export function changeOf(tool: string, input: JsonObject): JsonObject | undefined {
  const path = textOf(input['file_path']) ?? textOf(input['notebook_path']);
  if (!path) return undefined;
  if (tool === 'Write') return fileChange(path, textOf(input['content']) ?? '', undefined);
  if (tool === 'Edit' || tool === 'NotebookEdit') return replacement(path, [input]);
  if (tool === 'MultiEdit' && Array.isArray(input['edits'])) return replacement(path, input['edits'].filter(isObject));
  return undefined;
}

function replacement(path: string, edits: readonly JsonObject[]): JsonObject {
  const joined = (...names: string[]) =>
    edits.map((edit) => names.map((name) => textOf(edit[name])).find((text) => text !== undefined) ?? '').join('\n');
  return fileChange(path, joined('new_string', 'new_source'), joined('old_string', 'old_source'));
}
