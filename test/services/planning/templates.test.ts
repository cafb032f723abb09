import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AlreadyExistsError, InvalidInputError, NotFoundError } from '../../../services/errors.ts';
import { applyTemplate } from '../../../services/planning/apply-template.ts';
import { listHabits } from '../../../services/planning/habits.ts';
import { listTasks } from '../../../services/planning/tasks.ts';
import type { NewTemplate } from '../../../services/planning/template-fields.ts';
import {
  createTemplate,
  listTemplates,
  readTemplate,
  removeTemplate,
} from '../../../services/planning/templates.ts';
import { createWorkspace } from '../../../services/workspaces.ts';
import type { Database } from '../../../prisma/client.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';

let test: TestDatabase;
let database: Database;
beforeAll(async () => {
  test = await createTestDatabase();
  database = test.prisma;
  await createWorkspace(database, { id: 'acme', timeZone: 'Europe/Berlin' });
});
afterAll(() => test.drop());

const REPORT: NewTemplate = {
  name: 'report',
  // What waits stands before what it waits for.
  tasks: [
    {
      name: 'draft',
      title: 'Draft',
      durationMinutes: 240,
      earliestDay: 2,
      deadlineDay: 9,
      after: ['outline'],
    },
    { name: 'outline', title: 'Outline', durationMinutes: 60, priority: 'high' },
  ],
  habits: [
    { name: 'walk', title: 'Walk', rrule: 'FREQ=DAILY', durationMinutes: 30, after: 'read' },
    { name: 'read', title: 'Read', rrule: 'FREQ=WEEKLY;BYDAY=FR', durationMinutes: 45, startDay: 7 },
  ],
};
const apply = (start: string, workspaceId = 'acme', template = 'report') =>
  applyTemplate({ database }, workspaceId, { template, start });

describe('a template', () => {
  it('is stored under its name, once', async () => {
    await createTemplate(database, REPORT);
    await expect(createTemplate(database, REPORT)).rejects.toThrow(AlreadyExistsError);
    expect(await listTemplates(database)).toEqual([{ name: 'report', tasks: 2, habits: 2 }]);
    expect(await readTemplate(database, 'report')).toMatchObject({
      name: 'report',
      tasks: [{ name: 'draft' }, {}],
    });
  });

  it('makes its tasks and habits, with days from the start in the zone of the workspace', async () => {
    const { tasks, habits } = await apply('2027-03-27');
    expect(tasks).toMatchObject([
      { title: 'Outline', priority: 'high', earliestStart: null, deadline: null, after: [] },
      {
        title: 'Draft',
        // Summer time begins on the 28th.
        earliestStart: '2027-03-28T22:00:00Z',
        deadline: '2027-04-05T22:00:00Z',
        after: [tasks[0]?.id],
      },
    ]);
    expect(habits).toMatchObject([
      { title: 'Read', startDate: '2027-04-03', after: null },
      { title: 'Walk', startDate: '2027-03-27', after: habits[0]?.id },
    ]);
  });

  it('may be applied again, and makes others', async () => {
    await apply('2027-05-01');
    expect(await listTasks(database, 'acme')).toHaveLength(4);
  });

  it('makes nothing where a part of it cannot be made', async () => {
    await createTemplate(database, {
      name: 'deep',
      tasks: [
        { name: 'a', title: 'A', durationMinutes: 30 },
        { name: 'b', title: 'B', durationMinutes: 30, hours: 'deep' },
      ],
    });
    await createWorkspace(database, { id: 'plain', timeZone: 'UTC' });
    await expect(apply('2027-05-01', 'plain', 'deep')).rejects.toMatchObject({ field: 'hours' });
    await expect(apply('soon', 'plain')).rejects.toMatchObject({ field: 'start' });
    await expect(apply('2027-05-01', 'plain', 'none')).rejects.toThrow(NotFoundError);
    expect(await listTasks(database, 'plain')).toEqual([]);
    expect(await listHabits(database, 'plain')).toEqual([]);
  });

  it('is deleted without what was made with it', async () => {
    await removeTemplate(database, 'report');
    await expect(removeTemplate(database, 'report')).rejects.toThrow(NotFoundError);
    expect(await listTasks(database, 'acme')).toHaveLength(4);
  });
});

describe('the input of a template', () => {
  const task = (name: string, fields = {}) => ({ name, title: 'Write', durationMinutes: 30, ...fields });
  const habit = (name: string, fields = {}) => ({
    name,
    title: 'Run',
    rrule: 'FREQ=DAILY',
    durationMinutes: 30,
    ...fields,
  });

  it.each([
    ['tasks', {}],
    ['name', { name: 'a b', tasks: [task('a')] }],
    ['tasks.1.name', { tasks: [task('a'), task('a')] }],
    ['tasks.0.after', { tasks: [task('a', { after: ['b'] })] }],
    ['tasks.0.after', { tasks: [task('a', { after: ['b'] }), task('b', { after: ['a'] })] }],
    ['tasks.0.deadlineDay', { tasks: [task('a', { deadlineDay: -1 })] }],
    ['tasks.0.deadlineDay', { tasks: [task('a', { deadlineDay: 3_651 })] }],
    ['tasks.0.minChunkMinutes', { tasks: [task('a', { minChunkMinutes: 60, maxChunkMinutes: 30 })] }],
    ['habits.0.minMinutes', { habits: [habit('a', { minMinutes: 60 })] }],
    ['habits.0.after', { habits: [habit('a', { after: 'a' })] }],
    ['tasks', { tasks: Array.from({ length: 101 }, (_, index) => task(`t${index}`)) }],
  ])('is refused, naming %s', async (field, input) => {
    const before = await listTemplates(database);
    const refused = createTemplate(database, { name: 'refused', ...input });
    await expect(refused).rejects.toBeInstanceOf(InvalidInputError);
    await expect(refused).rejects.toMatchObject({ field });
    expect(await listTemplates(database)).toEqual(before);
  });
});
