/** Mail about a session, kept by the room that writes it: a deletion takes it along. */
export abstract class SessionMail {
  /** What waits, what is listed, what was kept as a file. Repeatable. */
  abstract forgetMailOf(sessionId: string): Promise<void>;
}
