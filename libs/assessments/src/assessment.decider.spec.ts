import { describe, expect, it } from '@jest/globals';
import { given as fold, recordedAtOf } from '#event-sourcing/testing/given.js';
import { assessmentAggregate, createAssessment, deleteAssessment, updateAssessment } from './assessment.decider.js';
import type { AssessmentEvent } from './assessment.events.js';
import { type AssessmentWish, FIELD_DEFAULTS, PERMISSION_DEFAULTS, phasesOf } from './assessment.fields.js';

const given = (...history: AssessmentEvent[]) => fold(assessmentAggregate, ...history);
const at = Date.parse('2026-06-01T12:00:00.000Z');
const created = (fields: Partial<typeof FIELD_DEFAULTS> = {}): AssessmentEvent => ({
  type: 'assessment_created',
  data: { ...FIELD_DEFAULTS, name: 'Analyst', ...fields },
});
const deleted: AssessmentEvent = { type: 'assessment_deleted', data: {} };
const phase = { name: 'Draft', brief: null, timeMinutes: 20 };

describe('creating an assessment', () => {
  it('fills in what was not said', () => {
    expect(createAssessment(given(), { name: ' Analyst ' }, at).events).toEqual([created()]);
  });

  it('keeps what was said, the due date in its normal spelling and phases without what we do not know', () => {
    const wish = {
      name: 'Analyst',
      taskPrompt: 'Write.',
      dueDate: '2026-07-01T02:00:00+02:00',
      phases: [{ name: 'Draft', timeMinutes: 20, colour: 'red' }],
      candidatePermissions: { can_add_skills: false },
      colour: 'red',
    } as unknown as AssessmentWish;
    expect(createAssessment(given(), wish, at).events).toEqual([
      created({
        taskPrompt: 'Write.',
        dueDate: '2026-07-01T00:00:00.000Z',
        phases: [phase],
        candidatePermissions: { ...PERMISSION_DEFAULTS, can_add_skills: false },
      }),
    ]);
  });

  it('writes nothing when the same command made it before', () => {
    expect(createAssessment(given(created()), { name: 'Analyst' }, at).events).toEqual([]);
  });

  it.each([
    [{}, 'missing_parameter', 'name'],
    [{ name: '  ' }, 'invalid_parameter', 'name'],
    [{ name: 'x'.repeat(256) }, 'invalid_parameter', 'name'],
    [{ name: 'A', phases: [{ ...phase, name: '' }] }, 'invalid_parameter', 'phases[0].name'],
    [{ name: 'A', dueDate: 'soon' }, 'invalid_parameter', 'dueDate'],
    [{ name: 'A', dueDate: '2026-06-01T12:00:00.000Z' }, 'due_date_in_past', 'dueDate'],
  ])('refuses %j with %s', (wish, code, param) => {
    expect(() => createAssessment(given(), wish, at)).toThrow(expect.objectContaining({ code, param }));
  });
});

describe('updating an assessment', () => {
  it('writes only the fields that change, and the due date as a fact of its own', () => {
    const wish = { name: 'Analyst', taskPrompt: 'Rewrite.', dueDate: '2026-07-01T00:00:00Z' };
    expect(updateAssessment(given(created()), wish, at).events).toEqual([
      { type: 'assessment_revised', data: { taskPrompt: 'Rewrite.' } },
      { type: 'assessment_due_date_changed', data: { dueDate: '2026-07-01T00:00:00.000Z' } },
    ]);
  });

  it('clears what is null and leaves what is absent', () => {
    const state = given(created({ taskPrompt: 'Write.', phases: [phase], dueDate: '2026-07-01T00:00:00.000Z' }));
    expect(updateAssessment(state, { phases: null, dueDate: null }, at).events).toEqual([
      { type: 'assessment_revised', data: { phases: null } },
      { type: 'assessment_due_date_changed', data: { dueDate: null } },
    ]);
  });

  it('changes one permission without the others', () => {
    const { events } = updateAssessment(given(created()), { candidatePermissions: { can_add_memory: false } }, at);
    const candidatePermissions = { ...PERMISSION_DEFAULTS, can_add_memory: false };
    expect(events).toEqual([{ type: 'assessment_revised', data: { candidatePermissions } }]);
  });

  it('writes nothing when a whole assessment is sent back as it was read, also with a due date gone by', () => {
    const state = given(created({ phases: [phase], dueDate: '2026-05-01T00:00:00.000Z' }));
    expect(updateAssessment(state, state, at).events).toEqual([]);
  });

  it.each([
    ['a due date gone by', given(created()), { dueDate: '2026-05-01T00:00:00Z' }, 'due_date_in_past'],
    ['anything on a deleted one', given(created(), deleted), { name: 'New' }, 'not_found'],
    ['anything on one that never was', given(), { name: 'New' }, 'not_found'],
  ])('refuses %s', (_, state, wish, code) => {
    expect(() => updateAssessment(state, wish, at)).toThrow(expect.objectContaining({ code }));
  });
});

describe('deleting an assessment', () => {
  it('is possible once', () => {
    expect(deleteAssessment(given(created())).events).toEqual([deleted]);
    expect(() => deleteAssessment(given(created(), deleted))).toThrow(expect.objectContaining({ code: 'not_found' }));
  });
});

it('knows when it was made and last changed', () => {
  const state = given(created(), { type: 'assessment_revised', data: { isActive: false } });
  expect(state).toMatchObject({ createdAt: recordedAtOf(0), updatedAt: recordedAtOf(1), isActive: false });
});

it('has one phase, the task, when none are named', () => {
  const fields = { ...FIELD_DEFAULTS, name: 'Analyst', taskPrompt: 'Write.' };
  expect(phasesOf(fields)).toEqual([{ name: 'Analyst', brief: 'Write.', timeMinutes: 60 }]);
  expect(phasesOf({ ...fields, phases: [phase] })).toEqual([phase]);
});
