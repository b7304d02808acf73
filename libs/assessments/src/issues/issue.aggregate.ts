import { type Aggregate, type Decision, EventCatalogue } from '#event-sourcing';
import { requireText } from '#platform';
import { type IssueEvent, type IssueFields, issueEvents } from './issue.events.js';

/** Undefined until it is added. */
export type IssueState = { readonly fields: IssueFields | undefined };

export const issueAggregate: Aggregate<IssueState, IssueEvent> = {
  category: 'issue',
  catalogue: new EventCatalogue(issueEvents),
  initialState: { fields: undefined },
  evolve: (_, { data }) => ({ fields: data }),
  sizeOf: (state) => 512 + 2 * JSON.stringify(state).length,
};

export type IssueWish = Pick<IssueFields, 'title'> & { readonly [Name in keyof IssueFields]?: IssueFields[Name] };

/** The id follows from the command: the same command asked again finds what it made. */
export const addIssue = (state: IssueState, wish: IssueWish): Decision<IssueEvent> => ({
  events: state.fields ? [] : [{ type: 'issue_added', data: fieldsOf(wish) }],
  answer: undefined,
});

const fieldsOf = (wish: IssueWish): IssueFields => ({
  title: requireText(wish.title, 'title'),
  repoUrl: wish.repoUrl ?? null,
  url: wish.url ?? null,
  body: wish.body ?? null,
  language: wish.language ?? null,
  difficulty: wish.difficulty ?? null,
  taskBrief: wish.taskBrief ?? null,
  estimatedMinutes: wish.estimatedMinutes ?? null,
});
