export { addressOf, type Caller, credentialsOf, type Gate, type Rights } from './access.js';
export { accessDenied, NodeError, unauthenticated } from './errors.js';
export { EmbeddedNodeLog } from './log/embedded-node-log.js';
export { type NodeSettings, type RunningNode, startReadingNode } from './node.js';
export { CannotListen } from './server.js';
export { certificateFile, givenPair, keptPair } from './tls.js';
