import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOracle } from '../../bench/oracle/run-oracle.ts';
import { type GcalSync, startGcalSync } from '../../bench/peers/gcal-sync.ts';
import { PYTHON, pythonHas } from '../support/python/run-python.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

const EDITS = 100;
const TIMEOUT_MS = 240_000;
const EMAIL = 'oracle@example.com';
const CALENDARS = [EMAIL, 'second@group.calendar.google.com'];
const available = pythonHas('gcal_sync');

describe('the mirror beside gcal_sync, an independent client', () => {
  let stack: WorkflowStack;
  let gcalSync: GcalSync;
  beforeAll(async () => {
    stack = await startServedStack();
  });
  afterAll(async () => {
    await gcalSync?.close();
    await stack.close();
  });

  it.skipIf(!available)(
    `holds the same events and occurrences after random edits${available ? '' : ' (skipped: no Python with gcal_sync)'}`,
    async () => {
      await stack.connect('acme', EMAIL);
      await stack.google.createCalendar(EMAIL, {
        id: CALENDARS[1],
        summary: 'Second',
        timeZone: 'Asia/Tokyo',
      });
      gcalSync = startGcalSync(PYTHON, {
        emulatorUrl: stack.environment.GOOGLE_API_ROOT_URL ?? '',
        refreshToken: (await stack.google.createUser({ email: EMAIL })).refreshToken,
      });
      const seed = Number(process.env.ALMANAC_PROPERTY_SEED ?? Math.floor(Math.random() * 2 ** 31));
      const report = await runOracle(
        {
          google: stack.google,
          database: stack.database,
          sync: async () => {
            expect(await stack.sync('acme')).toMatchObject({ success: true });
          },
          gcalSync,
          googleCalendarIds: CALENDARS,
        },
        { seed, edits: EDITS },
      );
      expect(
        report.differences,
        `npm run oracle -- --seed ${seed} --edits ${report.edits} shows it again`,
      ).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
