const LENGTH = 400;

/** What a working candidate's workspace sends, in the share of each that sessions have. */
const KINDS: readonly { readonly type: string; readonly data: object }[] = [
  { type: 'user_message', data: { messageId: 'm-1', content: '' } },
  {
    type: 'ai_response',
    data: { messageId: 'm-2', model: 'a-model', usage: { inputTokens: 900, outputTokens: 210 }, content: '' },
  },
  { type: 'ai_tool_use', data: { messageId: 'm-2', toolName: 'read_file', content: '' } },
  { type: 'manual_edit', data: { change: { artifactId: 'deck', charsAdded: 41, charsRemoved: 7 }, content: '' } },
  { type: 'content_edited', data: { change: { artifactId: 'deck', actor: 'candidate', charsAdded: 12 }, content: '' } },
];

const event = (id: string, number: number) => {
  const { type, data } = KINDS[number % KINDS.length]!;
  const bare = { id, type, timestampMs: Date.now(), data };
  const content = 'What does the brief ask for? '.repeat(20).slice(0, LENGTH - JSON.stringify(bare).length);
  return { ...bare, data: { ...data, content } };
};

/** The body of W4: events of some 400 bytes, with ids that begin with `prefix`. */
export const batchOf = (events: number, prefix: string): string =>
  JSON.stringify({ events: Array.from({ length: events }, (_, number) => event(`${prefix}-${number}`, number)) });
