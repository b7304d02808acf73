import type {
  ServerDuplexStream,
  ServerUnaryCall,
  ServiceDefinition,
  sendUnaryData,
  UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type { Gate } from './access.js';
import { accessDenied, asNodeError } from './errors.js';

type AnyCall = ServerUnaryCall<unknown, unknown> | ServerDuplexStream<unknown, unknown>;

/** Denied to everybody who is known, after finding out whether they are. */
export function refusingHandlers(definition: ServiceDefinition, gate: Gate): UntypedServiceImplementation {
  const refusal = (call: AnyCall): Promise<Error> =>
    gate.admit(call).then(
      () => accessDenied(),
      (error: unknown) => asNodeError(error),
    );
  const unary = (call: ServerUnaryCall<unknown, unknown>, done: sendUnaryData<unknown>): void =>
    void refusal(call).then((error) => done(error));
  const duplex = (call: ServerDuplexStream<unknown, unknown>): void =>
    void refusal(call).then((error) => call.emit('error', error));
  return Object.fromEntries(
    Object.entries(definition).map(([name, { responseStream }]) => [name, responseStream ? duplex : unary]),
  );
}
