import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { AS_IT_SHOULD, type Behaviour, type Message, type Received, type Setting } from './behaviour.js';
import { type Opinion, opinionOn } from './model.js';

// A server that speaks as much of OpenAI's chat completions as a judge asks for, in a process of its own. Its first line on
// stdout is its base URL; `PUT /setting` says how it behaves from then on, `GET /seen` what it was asked since.

let setting: Setting = AS_IT_SHOULD;
let requests: Received[] = [];
let scripted = 0;
let underWay = 0;
let mostAtOnce = 0;

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

const send = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
};

const failure = (status: number): object => ({
  error: { message: `Status ${status} was asked for.`, type: 'test', code: null },
});

interface ChatRequest {
  readonly model?: unknown;
  readonly messages?: readonly Message[];
  readonly response_format?: {
    readonly type?: unknown;
    readonly json_schema?: { readonly strict?: unknown; readonly schema?: { readonly additionalProperties?: unknown } };
  };
}

/** Structured outputs are asked for as they must be, or not at all. */
const isStructured = ({ response_format: format }: ChatRequest): boolean =>
  format?.type === 'json_schema' &&
  format.json_schema?.strict === true &&
  format.json_schema.schema?.additionalProperties === false;

const completion = (request: ChatRequest, message: object, finish = 'stop'): object => ({
  id: 'chatcmpl-test',
  object: 'chat.completion',
  created: 0,
  model: request.model,
  choices: [
    {
      index: 0,
      finish_reason: finish,
      logprobs: null,
      message: { role: 'assistant', content: null, refusal: null, ...message },
    },
  ],
  usage: usageOf(request, message),
});

const usageOf = ({ messages = [] }: ChatRequest, message: object): object => {
  const prompt = Math.ceil(messages.reduce((sum, { content }) => sum + content.length, 0) / 4);
  const said = Math.ceil(JSON.stringify(message).length / 4);
  return { prompt_tokens: prompt, completion_tokens: said, total_tokens: prompt + said };
};

const told = (opinion: object): object => ({ content: JSON.stringify(opinion) });

const answered = (request: ChatRequest, kind: Behaviour): object => {
  const opinion = opinionOn(request.messages ?? []);
  switch (kind.kind) {
    case 'no_choices':
      return { id: 'chatcmpl-test', object: 'chat.completion', choices: [] };
    case 'malformed_answer':
      return completion(request, { content: `${JSON.stringify(opinion).slice(0, -20)}` });
    case 'cut_answer':
      return completion(request, told(opinion), 'length');
    case 'refusal':
      return completion(request, { refusal: 'I cannot help with that.' });
    case 'wrong_schema':
      return completion(request, told({ verdict: 'good', points: 7 }));
    case 'score_out_of_range':
      return completion(request, told({ ...opinion, score: 11 }));
    case 'score_without_evidence':
      return completion(request, told({ ...opinion, score: 9, evidence: [] }));
    case 'invented_quote':
      return completion(request, told({ ...opinion, evidence: opinion.evidence.map(invented) }));
    case 'unknown_event':
      return completion(request, told({ ...opinion, evidence: [{ event: 'e999999', quote: 'anything at all' }] }));
    case 'abstain':
      return completion(request, told({ ...opinion, score: null, evidence: [] }));
    case 'score':
      return completion(request, told({ ...opinion, score: kind.score }));
    default:
      return completion(request, told(opinion));
  }
};

const invented = ({ event }: Opinion['evidence'][number]): object => ({
  event,
  quote: 'The candidate compared every figure with its source before using it.',
});

const chat = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const asked = JSON.parse(await bodyOf(request)) as ChatRequest;
  const messages = asked.messages ?? [];
  requests.push({
    at: Date.now(),
    model: String(asked.model),
    authorization: request.headers.authorization ?? null,
    messages,
  });
  const behaviour = behaviourFor(messages);
  // Thinking is part of the delay, not on top of it.
  const delay = setting.delayMs > 0 ? wait(setting.delayMs) : undefined;
  const answer = isStructured(asked) ? answered(asked, behaviour) : undefined;
  await delay;
  if (behaviour.kind === 'hang') return;
  if (behaviour.kind === 'slow') await wait(behaviour.ms);
  if (behaviour.kind === 'broken_connection') request.socket.destroy();
  else if (behaviour.kind === 'status')
    send(
      response,
      behaviour.status,
      failure(behaviour.status),
      behaviour.retryAfter === undefined ? {} : { 'retry-after': behaviour.retryAfter },
    );
  else if (behaviour.kind === 'not_json') send(response, 200, '<html>Bad gateway</html>');
  else if (behaviour.kind === 'stall') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"id":"chatcmpl-test","choices":[');
  } else if (answer === undefined) send(response, 400, failure(400));
  else send(response, 200, answer);
};

const behaviourFor = (messages: readonly Message[]): Behaviour => {
  const { criterion, script, otherwise } = setting;
  if (criterion !== null && !messages.some(({ content }) => content.includes(`(${criterion})`)))
    return { kind: 'answer' };
  const behaviour = script[scripted] ?? otherwise;
  scripted += 1;
  return behaviour;
};

const server = createServer((request, response) => {
  const route = `${request.method} ${request.url}`;
  const handle = async (): Promise<void> => {
    if (route === 'PUT /setting') {
      setting = { ...AS_IT_SHOULD, ...(JSON.parse(await bodyOf(request)) as Partial<Setting>) };
      requests = [];
      scripted = 0;
      mostAtOnce = 0;
      send(response, 200, {});
    } else if (route === 'GET /seen') send(response, 200, { requests, mostAtOnce });
    else if (route === 'POST /v1/chat/completions') {
      underWay += 1;
      mostAtOnce = Math.max(mostAtOnce, underWay);
      response.on('close', () => {
        underWay -= 1;
      });
      await chat(request, response);
    } else send(response, 404, failure(404));
  };
  handle().catch((error: unknown) => {
    if (response.headersSent) response.destroy();
    else send(response, 500, { error: { message: String(error) } });
  });
});

server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
process.on('disconnect', () => process.exit(0));
