export { type Agreement, agreementOf, type Pair, SMALLEST_SAMPLE } from './agreement.js';
export { Clock, isoTime, SettableClock, SystemClock } from './clock.js';
export { type LogLevel, VerbatimConfig } from './config.js';
export { DueLoop } from './due-loop.js';
export {
  ERROR_CATALOGUE,
  type ErrorCode,
  type ErrorExtras,
  isVerbatimError,
  notFound,
  VerbatimError,
} from './errors.js';
export { type EventStoreDoorSettings, type TlsFiles, tlsFiles } from './event-store-door.js';
export { decidedEventId, derivedId, Ids, RandomIds } from './ids.js';
export { maskedUrl } from './masked-url.js';
export {
  type CandidatePrincipal,
  type KeyPrincipal,
  type OperatorPrincipal,
  type Principal,
  ROLES,
  type Role,
  seesNames,
} from './principal.js';
export { Rounds } from './rounds.js';
export type { ScoringModel, TokenPrices } from './scoring-model.js';
export { type Environment, SettingError, Settings } from './settings.js';
export { type SharedStoreUrl, STORE_URL_FORMS, type StoreUrl, type StoreUrls } from './store-urls.js';
export { requireText } from './text.js';
