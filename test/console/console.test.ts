import { randomUUID } from 'node:crypto';
import type { Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { CHROMIUM, findBarriers, findOverflow, startBrowser, type TestBrowser } from '../support/browser.ts';
import { CONSOLE_PAGES } from '../support/console-pages.ts';
import { nextMonday } from '../support/planning-stack.ts';
import { withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const ANNA = 'anna@example.com';

let stack: WorkflowStack;
let api: TestApi;
let browser: TestBrowser;
/** Signed in as an admin. */
let page: Page;

if (CHROMIUM === null)
  process.stderr.write('No Chromium on the path and none in ALMANAC_CHROMIUM: the console is not tested.\n');

describe.skipIf(CHROMIUM === null)('the console', () => {
  beforeAll(async () => {
    stack = await startWorkflowStack();
    api = await startTestApi({ stack: { prisma: stack.database, temporal: stack.temporal } });
    browser = await startBrowser(api.url);
    ({ page } = await browser.person());
  });
  afterEach(() => expect(browser.takeComplaints()).toEqual([]));
  afterAll(async () => {
    await browser?.close();
    await api?.close();
    await stack?.close();
  });

  async function signIn(visitor: Page, key: string) {
    await visitor.getByLabel('API key').fill(key);
    await visitor.getByRole('button', { name: 'Sign in' }).click();
  }

  it('refuses a wrong key in a sentence, and lets the admin in', async () => {
    await page.goto('/console/workspaces');
    await page.waitForURL(/\/console\/sign-in/);
    expect(await findBarriers(page)).toEqual([]);
    await signIn(page, 'wrong');
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('key');
    await signIn(page, api.adminKey);
    // Where the reader wanted to go.
    await page.getByRole('heading', { name: 'Workspaces', level: 1 }).waitFor();
  });

  it('signs in once by a link, whose token leaves the address bar', async () => {
    const { body } = await api.call('/api/v1/session/sign-in-tokens', { method: 'POST' });
    const link = new URL(body.url as string);
    const path = `${link.pathname}${link.hash}`;
    const first = await browser.person();
    await first.page.goto(path);
    await first.page.getByRole('heading', { name: 'Overview' }).waitFor();
    expect(first.page.url()).not.toContain('token');
    const second = await browser.person();
    await second.page.goto(path);
    await expect.poll(() => second.page.getByRole('alert').innerText()).toContain('is used');
    await first.context.close();
    await second.context.close();
  });

  it('says how to make the first workspace, and shows it when it is there', async () => {
    await page.goto('/console/');
    await page.getByText('There is no workspace yet').waitFor();
    await page.getByText('almanac workspace create').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await stack.connect('acme', ANNA, 'UTC');
    await page.getByRole('link', { name: 'acme' }).click();
    await page.getByRole('heading', { name: 'acme', level: 1 }).waitFor();
    await page.getByText(ANNA).waitFor();
  });

  it('syncs now, follows the sync, and says what it did', async () => {
    const start = nextMonday();
    start.setUTCHours(10);
    await stack.google.insertEvent(ANNA, {
      summary: 'Board meeting',
      start: { dateTime: start.toISOString() },
      end: { dateTime: new Date(start.getTime() + 3_600_000).toISOString() },
    });
    await page.getByRole('button', { name: 'Sync now' }).click();
    await page.getByRole('progressbar', { name: 'Syncing with Google' }).waitFor();
    // Another page and back: the sync is still followed.
    await page.getByRole('link', { name: 'Overview' }).click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.goBack();
    await page.getByRole('progressbar', { name: 'Syncing with Google' }).waitFor();
    await stack.withWorkers(async () => {
      await page.getByText('1 calendar synced: 1 event written, 0 deleted.').waitFor();
    });
    await page.getByRole('table', { name: 'Runs, newest first' }).getByText('success').waitFor();
  });

  it('says how far a sync has come that was started elsewhere', async () => {
    // No worker serves Google's queue, so the sync waits at its first calendar.
    const serving = { activities: stack.activities, taskQueues: [TaskQueue.calendarSync] };
    await withWorkers(stack.temporal, serving, async () => {
      const { body: run } = await api.call('/api/v1/workspaces/acme/calendar/sync', { method: 'POST' });
      await page.getByRole('progressbar', { name: '0 %: 0 of 1 calendar, 0 pages' }).waitFor();
      await stack.temporal.client.workflow.getHandle(run.workflowId).terminate();
      await page.getByRole('progressbar').waitFor({ state: 'detached' });
    });
  });

  it('finds a verification again that runs, also in another browser', async () => {
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByRole('progressbar', { name: 'Comparing every event with Google' }).waitFor();
    await page.reload();
    await page.getByRole('progressbar', { name: 'Comparing every event with Google' }).waitFor();
    await stack.withWorkers(async () => {
      await page.getByText('1 calendar hold what Google has.').waitFor();
    });
    await page.getByRole('table', { name: 'Verified calendars' }).getByText('compared').waitFor();
  });

  it('shows dead letters page by page', async () => {
    const at = new Date();
    const letter = { failureType: 'GoogleForbidden', workflowId: 'calendar-sync/acme' };
    await stack.database.deadLetter.createMany({
      data: Array.from({ length: 501 }, (_, index) => ({
        ...letter,
        workspaceId: 'acme',
        // One open dead letter of a workspace per operation and failure.
        operation: `sync ${index}`,
        runId: randomUUID(),
        attempts: 1,
        firstFailedAt: at,
        lastFailedAt: at,
      })),
    });
    await page.goto('/console/dead-letters');
    await page.getByText('The oldest 500 open dead letters').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.getByText('501 open dead letters').waitFor();
    await stack.database.deadLetter.deleteMany();
    await page.goto('/console/workspaces/acme');
  });

  it('switches a calendar off, and on again by Undo', async () => {
    const isEnabled = async () => (await api.call('/api/v1/workspaces/acme/calendars')).body[0].enabled;
    const name = `Sync ${ANNA}`;
    await page.locator('label', { has: page.getByRole('switch', { name }) }).click();
    await expect.poll(isEnabled).toBe(false);
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(isEnabled).toBe(true);
    await page.getByText('Undone.').waitFor();
  });

  it('shows changes as they are written', async () => {
    await page.getByText('Follow changes as they are written').click();
    await page.getByRole('table', { name: 'Changes, newest first' }).getByText('Board meeting').waitFor();
  });

  it('shows in the week what the API answers', async () => {
    await page.getByRole('link', { name: 'Week' }).click();
    await page.getByRole('button', { name: 'Next' }).first().click();
    const monday = nextMonday();
    const sunday = new Date(monday.getTime() + 7 * 86_400_000);
    const { body } = await api.call(
      `/api/v1/workspaces/acme/events?from=${monday.toISOString()}&to=${sunday.toISOString()}`,
    );
    expect(body.events).toHaveLength(1);
    await page.locator('.week-entry', { hasText: 'Board meeting' }).click();
    await page.getByRole('status').getByText('10:00 – 11:00').waitFor();
    await page.getByLabel('Zone').selectOption('Asia/Tokyo');
    await page.getByRole('status').getByText('19:00 – 20:00').waitFor();
  });

  it('shows a workspace’s key its workspace and nothing else', async () => {
    await stack.connect('other', 'olga@example.com', 'UTC');
    const guest = await browser.person();
    await guest.page.goto('/console/');
    await signIn(guest.page, await api.createKey('acme'));
    await guest.page.getByRole('heading', { name: 'acme', level: 1 }).waitFor();
    expect(await guest.page.getByRole('link', { name: 'Workspaces' }).count()).toBe(0);
    await guest.page.goto('/console/workspaces');
    await guest.page.getByRole('heading', { name: 'acme', level: 1 }).waitFor();
    await guest.page.goto('/console/workspaces/other');
    await expect.poll(() => guest.page.locator('main').innerText()).toMatch(/may not|no workspace/);
    expect(await guest.page.content()).not.toContain('olga@example.com');
    await guest.context.close();
  });

  it.each(['light', 'dark'] as const)(
    'has no grave barrier on any page in %s colours',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      for (const path of [...Object.values(CONSOLE_PAGES), '/nowhere']) {
        await page.goto(`/console${path}`);
        await page.getByRole('heading', { level: 1 }).waitFor();
        await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
        expect(await findBarriers(page), path).toEqual([]);
      }
    },
  );

  it('fits a phone: no page is wider than 360 pixels', async () => {
    const phone = await browser.person({ viewport: { width: 360, height: 740 } });
    await phone.context.request.post('/api/v1/session', { data: { key: api.adminKey } });
    for (const path of [...Object.values(CONSOLE_PAGES), '/settings', '/nowhere']) {
      await phone.page.goto(`/console${path}`);
      await phone.page.getByRole('heading', { level: 1 }).waitFor();
      await expect.poll(() => phone.page.locator('.skeleton').count()).toBe(0);
      expect(await findOverflow(phone.page), path).toEqual([]);
    }
    await phone.context.close();
  });

  /** A visitor to whom the API answers in one way, whatever is asked, but for who they are. */
  async function visitorAnswered(answer: (route: Route) => Promise<unknown> | undefined) {
    const visitor = await browser.person();
    await visitor.context.request.post('/api/v1/session', { data: { key: api.adminKey } });
    await visitor.context.route(
      (url) => url.pathname.startsWith('/api/v1/') && url.pathname !== '/api/v1/session',
      async (route) => answer(route),
    );
    return visitor;
  }

  it.each([
    [403, 'This session may not see this'],
    [409, 'The reason, in the words of the API.'],
  ])('says on every page why it shows nothing, when the API answers %i', async (status, words) => {
    const json = { detail: 'The reason, in the words of the API.' };
    const { context, page: refused } = await visitorAnswered((route) => route.fulfill({ status, json }));
    for (const path of Object.values(CONSOLE_PAGES)) {
      await refused.goto(`/console${path}`);
      await refused.locator('main').getByRole('alert').getByText(words).first().waitFor();
    }
    expect(await findBarriers(refused)).toEqual([]);
    await context.close();
  });

  it('keeps the room of what every page waits for', async () => {
    const { context, page: waiting } = await visitorAnswered(() => undefined);
    for (const path of Object.values(CONSOLE_PAGES)) {
      await waiting.goto(`/console${path}`);
      await waiting.locator('main').getByRole('status', { name: 'Loading' }).first().waitFor();
    }
    expect(await findBarriers(waiting)).toEqual([]);
    await context.close();
  });

  it.each([
    ['/', 'Overview'],
    ['/workspaces', 'Workspaces'],
  ])('loads at most 250 kB in 40 requests for a first visit to %s', async (path, heading) => {
    const { context, page: first } = await browser.person();
    await context.request.post('/api/v1/session', { data: { key: api.adminKey } });
    await first.goto(`/console${path}`);
    await first.getByRole('heading', { name: heading, level: 1 }).waitFor();
    await expect.poll(() => first.locator('.skeleton').count()).toBe(0);
    const { bytes, requests } = await first.evaluate<{ bytes: number; requests: number }>(`(() => {
      const loaded = performance.getEntries().filter(({ encodedBodySize }) => encodedBodySize !== undefined);
      return { bytes: loaded.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0), requests: loaded.length };
    })()`);
    process.stderr.write(`${heading}: ${Math.round(bytes / 1_000)} kB in ${requests} requests\n`);
    expect(bytes).toBeLessThan(250_000);
    expect(requests).toBeLessThanOrEqual(40);
    await context.close();
  });

  it('is used by keyboard: pages by number, the list of keys by ?', async () => {
    await page.goto('/console/');
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    await page.keyboard.press('2');
    await page.getByRole('heading', { name: 'Workspaces', level: 1 }).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('Light or dark colours').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('signs out', async () => {
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/\/console\/sign-in/);
    await page.goto('/console/workspaces/acme');
    await page.waitForURL(/\/console\/sign-in/);
  });
});
