import { afterAll, beforeAll, expect, it } from 'vitest';
import { accountSchema } from '../../services/accounts/accounts.ts';
import { calendarSchema } from '../../services/calendars.ts';
import { deadLetterSchema } from '../../services/dead-letters.ts';
import { blockSchema } from '../../services/planning/blocks.ts';
import { habitSchema } from '../../services/planning/habits.ts';
import { planRunSummarySchema } from '../../services/planning/list-plan-runs.ts';
import { taskSchema } from '../../services/planning/tasks.ts';
import { occurrenceSchema } from '../../services/reading/list-occurrences.ts';
import { loggedRunSchema } from '../../services/reading/run-log.ts';
import { eventDetailSchema, workspaceSchema } from '../../services/workspaces.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

it.each([
  ['calendar_auth_tokens_status_check', accountSchema.shape.status],
  ['calendars_status_check', calendarSchema.shape.status],
  ['dead_letters_status_check', deadLetterSchema.shape.status],
  ['habits_preference_check', habitSchema.shape.preference.unwrap()],
  ['habits_priority_check', habitSchema.shape.priority],
  ['schedule_runs_mode_check', planRunSummarySchema.shape.mode],
  ['schedule_runs_status_check', planRunSummarySchema.shape.status],
  ['scheduled_blocks_pinned_check', blockSchema.shape.pinnedBecause.unwrap()],
  ['scheduled_blocks_status_check', blockSchema.shape.status],
  ['tasks_priority_check', taskSchema.shape.priority],
  ['tasks_status_check', taskSchema.shape.status],
  ['workspaces_event_detail_check', eventDetailSchema],
  ['workspaces_status_check', workspaceSchema.shape.status],
  ['calendar_sync_states_event_detail_check', eventDetailSchema],
  ['calendar_verifications_event_detail_check', eventDetailSchema],
  ['workspace_calendar_events_status_check', occurrenceSchema.shape.status],
  ['workspace_calendar_sync_log_mode_check', loggedRunSchema.shape.mode],
  ['workspace_calendar_sync_log_outcome_check', loggedRunSchema.shape.outcome],
])('an answer lists every value that %s allows', async (constraint, { options }) => {
  const [check] = await database.prisma.$queryRaw<{ text: string }[]>`
    select pg_get_constraintdef(oid) as text from pg_constraint where conname = ${constraint}`;
  const allowed = [...(check?.text ?? '').matchAll(/'(\w+)'/g)].map((match) => String(match[1]));
  expect([...options].toSorted()).toEqual(allowed.toSorted());
});
