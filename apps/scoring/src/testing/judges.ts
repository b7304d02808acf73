import { type Judge, offlineJudge } from '#scoring';

/** The offline judge, after what `before` does: by the name of the assessment, once a criterion. */
export const judgeAfter = (before: (assessment: string, signal: AbortSignal) => Promise<void> | void): Judge => ({
  ...offlineJudge,
  hear(file) {
    const hearing = offlineJudge.hear(file);
    return {
      ...hearing,
      judge: async (criterion, signal) => {
        await before(file.assessment.name ?? '', signal);
        return hearing.judge(criterion, signal);
      },
    };
  },
});

/** Judges that wait until they are let go, or their run is over. */
export class Gate {
  readonly waiting = new Set<string>();
  private isOpen = false;
  private readonly held: (() => void)[] = [];

  readonly judge = judgeAfter(async (assessment, signal) => {
    if (this.isOpen) return;
    this.waiting.add(assessment);
    await new Promise<void>((resolve, reject) => {
      this.held.push(resolve);
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  });

  open(): void {
    this.isOpen = true;
    for (const go of this.held.splice(0)) go();
  }
}
