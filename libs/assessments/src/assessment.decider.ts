import { type Aggregate, type Decision, EventCatalogue } from '#event-sourcing';
import { isoTime, notFound, requireText, VerbatimError } from '#platform';
import { type AssessmentEvent, assessmentEvents } from './assessment.events.js';
import {
  ASSESSMENT_BOUNDS,
  type AssessmentFields,
  type AssessmentWish,
  FIELD_DEFAULTS,
  PERMISSION_DEFAULTS,
} from './assessment.fields.js';

export interface AssessmentState extends AssessmentFields {
  /** Grows whenever the assessment is given another rubric, from 1. */
  readonly rubricVersion: number;
  readonly status: 'unknown' | 'present' | 'deleted';
  readonly createdAt: string;
  readonly updatedAt: string;
}

export const assessmentAggregate: Aggregate<AssessmentState, AssessmentEvent> = {
  category: 'assessment',
  catalogue: new EventCatalogue(assessmentEvents),
  initialState: { ...FIELD_DEFAULTS, name: '', rubricVersion: 1, status: 'unknown', createdAt: '', updatedAt: '' },
  evolve(state, event) {
    const updatedAt = event.metadata.recordedAt;
    switch (event.type) {
      case 'assessment_created':
        return { ...state, ...event.data, status: 'present', createdAt: updatedAt, updatedAt };
      case 'assessment_revised':
        return {
          ...state,
          ...event.data,
          rubricVersion: state.rubricVersion + Number(namesRubric(event.data)),
          updatedAt,
        };
      case 'assessment_due_date_changed':
        return { ...state, dueDate: event.data.dueDate, updatedAt };
      case 'assessment_deleted':
        return { ...state, status: 'deleted', updatedAt };
      default:
        event satisfies never;
        return state;
    }
  },
  sizeOf: (state) => 1024 + 2 * JSON.stringify(state).length,
};

/** The id follows from the command: the same command asked again finds what it made. */
export const createAssessment = (
  state: AssessmentState,
  wish: AssessmentWish,
  at: number,
): Decision<AssessmentEvent> => {
  if (state.status !== 'unknown') return { events: [], answer: undefined };
  const name = requireText(wish.name, 'name', ASSESSMENT_BOUNDS.nameLength);
  const data = { ...FIELD_DEFAULTS, ...given(wish), name, ...permissions(PERMISSION_DEFAULTS, wish) };
  return { events: [{ type: 'assessment_created', data: { ...data, ...due(wish, null, at) } }], answer: undefined };
};

/** What is left out stays; what is said again changes nothing, so that a whole assessment may be sent back as it was read. */
export const updateAssessment = (
  state: AssessmentState,
  wish: AssessmentWish,
  at: number,
): Decision<AssessmentEvent> => {
  requirePresent(state);
  const { dueDate = state.dueDate, ...fields } = {
    ...given(wish),
    ...(wish.name === undefined ? {} : { name: requireText(wish.name, 'name', ASSESSMENT_BOUNDS.nameLength) }),
    ...permissions(state.candidatePermissions, wish),
    ...due(wish, state.dueDate, at),
  };
  const changed = Object.entries(fields).filter(([name, value]) => !same(value, state[name as keyof AssessmentFields]));
  const events: AssessmentEvent[] = [];
  if (changed.length > 0) events.push({ type: 'assessment_revised', data: Object.fromEntries(changed) });
  if (dueDate !== state.dueDate) events.push({ type: 'assessment_due_date_changed', data: { dueDate } });
  return { events, answer: undefined };
};

export const deleteAssessment = (state: AssessmentState): Decision<AssessmentEvent> => {
  requirePresent(state);
  return { events: [{ type: 'assessment_deleted', data: {} }], answer: undefined };
};

const namesRubric = (fields: object): boolean => 'scoringRubric' in fields || 'rubricId' in fields;

const requirePresent = (state: AssessmentState): void => {
  if (state.status !== 'present') throw notFound('assessment');
};

type Known = Partial<Omit<AssessmentFields, 'candidatePermissions' | 'dueDate' | 'name'>>;

/** The fields we know that were said; anything else a caller sent is not kept. */
const given = (wish: AssessmentWish): Known =>
  Object.fromEntries(
    Object.keys(FIELD_DEFAULTS)
      .filter((name) => name !== 'candidatePermissions' && name !== 'dueDate')
      .map((name) => [name, name === 'phases' ? phases(wish) : wish[name as keyof Known]] as const)
      .filter(([, value]) => value !== undefined),
  );

const phases = (wish: AssessmentWish): AssessmentFields['phases'] | undefined =>
  wish.phases?.map((phase, at) => ({
    name: requireText(phase.name, `phases[${at}].name`, ASSESSMENT_BOUNDS.nameLength),
    brief: phase.brief ?? null,
    timeMinutes: phase.timeMinutes,
  })) ?? (wish.phases as null | undefined);

const permissions = (
  before: AssessmentFields['candidatePermissions'],
  { candidatePermissions }: AssessmentWish,
): Partial<Pick<AssessmentFields, 'candidatePermissions'>> => {
  if (!candidatePermissions) return {};
  const names = Object.keys(PERMISSION_DEFAULTS) as (keyof typeof PERMISSION_DEFAULTS)[];
  const entries = names.map((name) => [name, candidatePermissions[name] ?? before[name]] as const);
  return { candidatePermissions: Object.fromEntries(entries) as unknown as AssessmentFields['candidatePermissions'] };
};

/** A due date that has passed is refused, unless it is the one that is there already. */
const due = ({ dueDate }: AssessmentWish, before: string | null, at: number): { dueDate?: string | null } => {
  if (dueDate === undefined || dueDate === null) return dueDate === undefined ? {} : { dueDate };
  const moment = Date.parse(dueDate);
  if (Number.isNaN(moment))
    throw new VerbatimError('invalid_parameter', 'dueDate must be an ISO-8601 time.', { param: 'dueDate' });
  const normal = isoTime(moment);
  if (moment <= at && normal !== before)
    throw new VerbatimError('due_date_in_past', `dueDate ${normal} has passed: it is ${isoTime(at)} here.`, {
      param: 'dueDate',
    });
  return { dueDate: normal };
};

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
