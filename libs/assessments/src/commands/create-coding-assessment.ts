import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandContext } from '#event-sourcing';
import { VerbatimError } from '#platform';
import type { AssessmentView } from '../assessment.view.js';
import { AssessmentMaking } from '../assessment-making.js';
import { IssueLibrary } from '../issues/issue-library.js';

export interface CodingWish {
  readonly title: string;
  readonly role: string;
  /** Wins over the issue's. */
  readonly taskBrief: string | null;
  readonly issueId: string | null;
  /** Left out: the issue's. */
  readonly repoUrl: string | null;
  /** Left out: an hour. */
  readonly timeLimitMinutes?: number | undefined;
  readonly expiresInDays?: number | undefined;
  /** Known to exist. */
  readonly rubricId: string | null;
}

/** V1: the task begins the moment a key is redeemed, so there is no setup. */
export class CreateCodingAssessment extends Command<AssessmentView> {
  constructor(
    readonly context: CommandContext,
    readonly orgId: string,
    readonly wish: CodingWish,
  ) {
    super();
  }
}

@CommandHandler(CreateCodingAssessment)
export class CreateCodingAssessmentHandler implements ICommandHandler<CreateCodingAssessment> {
  constructor(
    private readonly making: AssessmentMaking,
    private readonly issues: IssueLibrary,
  ) {}

  async execute({ context, orgId, wish }: CreateCodingAssessment): Promise<AssessmentView> {
    const issue = wish.issueId === null ? undefined : await this.issues.find(orgId, wish.issueId);
    if (wish.issueId !== null && !issue)
      throw new VerbatimError('invalid_parameter', 'issueId names no issue of the library.', { param: 'issueId' });
    const taskPrompt = wish.taskBrief ?? issue?.taskBrief ?? issue?.body;
    if (!taskPrompt)
      throw new VerbatimError('task_brief_required', 'Give a taskBrief, or an issueId whose issue has one.', {
        param: 'taskBrief',
      });
    const fields = {
      name: wish.title,
      role: wish.role,
      taskPrompt,
      repoUrl: wish.repoUrl ?? issue?.repoUrl ?? null,
      issueId: wish.issueId,
      rubricId: wish.rubricId,
      setupTimeMinutes: 0,
      taskTimeMinutes: wish.timeLimitMinutes,
      expiresInDays: wish.expiresInDays,
    };
    return this.making.make(context, orgId, fields, { paid: true });
  }
}
