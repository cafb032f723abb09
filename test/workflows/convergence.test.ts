import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultInput } from '../../emulator/admin.ts';
import { logEqualsMirror } from '../support/log-equals-mirror.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { createRandom, RandomEditor } from '../support/random-editor.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const SEEDS = Number(
  process.env['ALMANAC_CONVERGENCE_SEEDS'] ?? (process.env['ALMANAC_SLOW_TESTS'] === 'true' ? 2 : 1),
);
const ROUNDS = 10;
const EDITS_PER_ROUND = 8;

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startWorkflowStack();
});
afterAll(() => stack.close());

/** Faults of Google. Each ends soon, and the sync has to succeed in spite of it. */
const FAULTS: Omit<FaultInput, 'match' | 'times'>[] = [
  { status: 503, reason: 'backendError' },
  { status: 500, htmlBody: '<html>error</html>' },
  { status: 429, reason: 'rateLimitExceeded', retryAfterSeconds: 1 },
  { status: 403, reason: 'userRateLimitExceeded', retryAfterSeconds: 1 },
  { status: 410, reason: 'fullSyncRequired' },
  { resetConnection: true },
  { truncateBody: true },
  { delayMs: 300 },
];

async function disturb(random: () => number, calendarId: string): Promise<void> {
  const { google } = stack;
  const chance = random();
  if (chance < 0.4) {
    const fault = FAULTS[Math.floor(random() * FAULTS.length)]!;
    await google.addFault({ match: { calendarId }, times: 1 + Math.floor(random() * 2), ...fault });
  } else if (chance < 0.55) await google.expireSyncTokens(calendarId);
  else if (chance < 0.65) await google.killPageTokens(calendarId);
  else if (chance < 0.75) await google.expireAccessTokens();
}

describe('convergence', () => {
  it.each(Array.from({ length: SEEDS }, (_, index) => index + 1))(
    'the mirror equals Google after random edits and faults (seed %i)',
    async (seed) => {
      const random = createRandom(seed);
      const owner = `seed-${seed}@example.com`;
      const workspaceId = `seed-${seed}`;
      await stack.connect(workspaceId, owner);
      const second = await stack.google.createCalendar(owner, {
        summary: 'Second',
        timeZone: 'America/New_York',
      });
      const calendars = [owner, second.id];
      const editors = calendars.map((id) => new RandomEditor(stack.google, id, random));

      for (let round = 0; round < ROUNDS; round += 1) {
        const maxPageSize = 1 + Math.floor(random() * 30);
        await stack.google.setPageShape({
          maxPageSize,
          emptyPageEvery: Math.floor(random() * 4),
          richTombstones: random() < 0.5,
          listChildrenOfCancelledMaster: random() < 0.5,
        });
        for (const calendarId of calendars) await disturb(random, calendarId);
        const mode = random() < 0.2 ? 'full' : 'incremental';
        await stack.withWorkers(async () => {
          const running = await stack.startSync({ workspaceId }, mode);
          for (const editor of editors)
            for (let edit = 0; edit < EDITS_PER_ROUND; edit += 1) await editor.edit();
          await running.result();
        });
      }

      await stack.google.clearFaults();
      await stack.withWorkers(async () => {
        expect(await stack.sync(workspaceId)).toMatchObject({ success: true });
        for (const calendarId of calendars) await expectMirrorEqualsGoogle(stack, calendarId);
        // Increments and a full listing give the same mirror.
        const full = await stack.sync(workspaceId, 'full');
        expect(full.calendars.map(({ upserted, deleted }) => upserted + deleted)).toEqual([0, 0]);
        for (const calendarId of calendars) await expectMirrorEqualsGoogle(stack, calendarId);
        expect(await logEqualsMirror(stack.database, workspaceId)).toEqual([]);
      });
      expect(stack.unexpected).toEqual([]);
    },
    180_000,
  );
});
