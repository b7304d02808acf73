import type { WireError } from './wire-error.js';

export type WorkerAnswer =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: WireError };

export interface WorkerCall {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** The id of the message that says the worker has opened its file (or why it could not). */
export const OPENED = 0;
