/** Renewed this often within its length, so that one lost renewal does no harm. */
const RENEWALS = 3;

/** A claim that is kept while its work takes. `lost` aborts when somebody else has it, or nobody may have it any more. */
export class Lease {
  private readonly ended = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private renewing: Promise<void> | undefined;

  /** @param renew answers false when the claim is no longer ours; what it throws is tried again with the next renewal */
  constructor(
    lengthMs: number,
    private readonly renew: () => Promise<boolean>,
    private readonly failed: (error: unknown) => void,
  ) {
    this.timer = setInterval(() => {
      this.renewing ??= this.once();
    }, lengthMs / RENEWALS);
  }

  get lost(): AbortSignal {
    return this.ended.signal;
  }

  /** Answers when no renewal is under way any more: none may follow the result. */
  async end(): Promise<void> {
    clearInterval(this.timer);
    await this.renewing;
  }

  private async once(): Promise<void> {
    try {
      if (!(await this.renew())) this.ended.abort(new LeaseLost());
    } catch (error) {
      this.failed(error);
    } finally {
      this.renewing = undefined;
    }
  }
}

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';

  constructor() {
    super('The claim is no longer held: another run has it, or the session is closed to scorers.');
  }
}
