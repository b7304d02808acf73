import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/**
 * A receiver of webhooks in a process of its own. The path's first word says how it behaves: `ok`, `fail` (500), `redirect`
 * (302 to `/elsewhere`), `hang` (never answers), `late` (answers after `?ms=`), `endless` (a body without end), `hold` (answers
 * when told to on stdin). Prints every message it got as one line of JSON, before it answers.
 */
const held: ServerResponse[] = [];
process.stdin.on('data', () => {
  for (const response of held.splice(0)) response.end();
});

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
};

const answer = (response: ServerResponse, { pathname, searchParams }: URL): void => {
  switch (pathname.split('/')[1]) {
    case 'fail':
      response.writeHead(500).end('no');
      return;
    case 'redirect':
      response.writeHead(302, { location: '/elsewhere' }).end();
      return;
    case 'hang':
      return;
    case 'hold':
      held.push(response);
      return;
    case 'late':
      setTimeout(() => response.end(), Number(searchParams.get('ms')));
      return;
    case 'endless': {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'.repeat(1024)), 1);
      response.once('close', () => clearInterval(timer));
      return;
    }
    default:
      response.writeHead(204).end();
  }
};

const server = createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://receiver');
  const body = await bodyOf(request);
  process.stdout.write(`${JSON.stringify({ path: url.pathname, headers: request.headers, body })}\n`);
  answer(response, url);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify({ port: (server.address() as { port: number }).port })}\n`);
});
