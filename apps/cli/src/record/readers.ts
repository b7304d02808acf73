import { claudeCodeReader } from './claude-code.js';
import { codexCliReader } from './codex-cli.js';
import type { Recording, RecordingReader } from './recording.js';
import { sweAgentReader } from './swe-agent.js';

/** Asked in this order; a new format is one more small reader here. */
export const READERS: readonly RecordingReader[] = [sweAgentReader, codexCliReader, claudeCodeReader];

/** Undefined when no reader knows the content. */
export const readRecording = (text: string): Recording | undefined =>
  READERS.find((reader) => reader.recognises(text))?.read(text);
