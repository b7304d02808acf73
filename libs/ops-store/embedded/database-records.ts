import type { AnswerRecords, FailureRecords, KeyRecords, LastUseRecords, SaltRecords } from '../sealed/records.js';
import type { OpsDatabase } from './ops-database.js';

/** The rows of ops.db, as the sealing parts ask for them. */
export const recordsIn = (database: OpsDatabase): KeyRecords & SaltRecords & LastUseRecords & FailureRecords => ({
  findKey: (subject) => database.ask('findKey', subject),
  obtainKey: (subject, proposed) => database.ask('obtainKey', subject, proposed),
  destroyKey: (subject) => database.ask('destroyKey', subject),
  obtainSalt: (name, proposed) => database.ask('obtainSalt', name, proposed),
  saveLastUse: (id, at) => database.ask('saveLastUse', id, at),
  noteFailure: (name, at, expires) => database.ask('noteFailure', name, at, expires),
  failuresSince: (name, after) => database.ask('failuresSince', name, after),
  deleteExpiredFailures: (now) => database.ask('deleteExpiredFailures', now),
  findLastUse: (ids) => database.ask('findLastUse', ids),
});

export const answersIn = (database: OpsDatabase): AnswerRecords => ({
  begin: (entry) => database.ask('beginIdempotent', entry),
  finish: (entry) => database.ask('finishIdempotent', entry),
  abandon: (id, token) => database.ask('abandonIdempotent', id, token),
  deleteFor: (subject) => database.ask('deleteIdempotentFor', subject),
  deleteExpired: (now) => database.ask('deleteExpiredIdempotent', now),
});
