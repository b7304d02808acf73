import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { ConnectionError } from 'fastify';
import { VerbatimError } from '#platform';
import { answerTo } from './error-answer.js';

/** Requests that are no HTTP: Node gives up before there is a request, so the answer is written by hand. */
export function answerBrokenConnection(error: ConnectionError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, phrase, known] = explain(error);
  const body = JSON.stringify(answerTo(known, randomUUID()).body);
  socket.end(
    `HTTP/1.1 ${status} ${phrase}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}

function explain(error: ConnectionError): readonly [number, string, VerbatimError] {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return isLongAddress(error.rawPacket)
        ? [414, 'URI Too Long', new VerbatimError('uri_too_long', 'The address is too long.')]
        : [431, 'Request Header Fields Too Large', new VerbatimError('invalid_request', 'The headers are too large.')];
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return [408, 'Request Timeout', new VerbatimError('invalid_request', 'The request did not arrive in time.')];
    default:
      return [400, 'Bad Request', new VerbatimError('invalid_request', 'This is not a valid HTTP request.')];
  }
}

const isLongAddress = (packet: unknown): boolean => {
  if (!Buffer.isBuffer(packet)) return false;
  const end = packet.indexOf('\r\n');
  return end < 0 || end > 8192;
};
