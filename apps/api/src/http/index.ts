export { Allow, AllowCandidate, AllowOperator, Public } from './access.js';
export { BodyLimit, MEBIBYTE } from './body-limit.js';
export { EventStreams, resumeAfter, type ServerEvent } from './event-streams.js';
export { CleanText, EmailAddress, IfGiven, IsoTime, JsonObject, Nested } from './fields.js';
export { Clamped, PageQuery } from './paging.js';
export { Caller, Context } from './params.js';
