import { VerbatimError } from '#platform';

const FORM = /^([0-9a-f-]{36})\.(0|[1-9]\d{0,18})$/;

/** Places in the whole log as callers see them: `<logId>.<position>`, so that a place in another log is an error. */
export class LogCursors {
  constructor(
    private readonly logId: string,
    private readonly head: () => Promise<bigint>,
  ) {}

  encode(position: bigint): string {
    return `${this.logId}.${position}`;
  }

  /** @throws VerbatimError invalid_cursor, naming `param` */
  async parse(cursor: string, param: string): Promise<bigint> {
    const [, logId, position] = FORM.exec(cursor) ?? [];
    if (logId === undefined || position === undefined)
      throw new VerbatimError('invalid_cursor', `${param} is not a cursor: pass one as it was answered.`, { param });
    if (logId !== this.logId)
      throw new VerbatimError(
        'invalid_cursor',
        `${param} belongs to another life of this log (it was restored or replaced since): read again from the start.`,
        { param },
      );
    if (BigInt(position) > (await this.head()))
      throw new VerbatimError('invalid_cursor', `${param} lies past the end of this log.`, { param });
    return BigInt(position);
  }
}
