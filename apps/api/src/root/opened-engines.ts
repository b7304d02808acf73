import type { Engines } from './engines.js';

/** The stores of this process, for whoever closes them. */
export abstract class OpenedEngines {
  abstract close: Engines['close'];
}
