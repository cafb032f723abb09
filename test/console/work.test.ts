import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';
import { CHROMIUM, findBarriers, startBrowser, type TestBrowser } from '../support/browser.ts';
import { blocksInGoogle, eventsOf, ownCalendarId, runPlan } from '../support/planning-stack.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';
import { insertAtNoon } from '../support/noon.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

const ANNA = 'anna@example.com';
const BEN = 'ben@example.com';
const HOUR_MS = 3_600_000;

let stack: WorkflowStack;
let api: TestApi;
let receiver: WebhookReceiver;
let browser: TestBrowser;
/** Signed in as an admin. */
let page: Page;

const insert = (calendarId: string, summary: string) => insertAtNoon(stack.google, calendarId, summary);

const call = (method: string, path: string, body?: unknown) =>
  api.call(`/api/v1/workspaces/acme${path}`, { method, body });

const table = (name: string) => page.getByRole('table', { name });
const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click();
const said = (text: string | RegExp) => page.getByRole('log').getByText(text).last().waitFor();

describe.skipIf(CHROMIUM === null)('the console', () => {
  beforeAll(async () => {
    stack = await startServedStack();
    await stack.connect('acme', ANNA, 'UTC');
    await stack.connect('acme', BEN, 'UTC');
    await insert(ANNA, 'Open day');
    await insert(BEN, 'Private matter');
    await stack.sync('acme', 'full');
    receiver = await startWebhookReceiver();
    api = await startTestApi({
      stack: { prisma: stack.database, temporal: stack.temporal },
      environment: {
        WEBHOOK_ALLOWED_NETWORKS: ['127.0.0.0/8'],
        TEMPORAL_UI_URL: 'https://temporal.example.com',
      },
    });
    browser = await startBrowser(api.url);
    const person = await browser.person({ timezoneId: 'UTC' });
    await person.context.request.post('/api/v1/session', { data: { key: api.adminKey } });
    ({ page } = person);
  });
  afterEach(() => expect(browser.takeComplaints()).toEqual([]));
  afterAll(async () => {
    await browser?.close();
    await api?.close();
    await receiver?.close();
    await stack?.close();
  });

  it('previews a plan beside what is planned, applies it, and takes it back', async () => {
    await call('POST', '/tasks', { title: 'Report', durationMinutes: 60 });
    await page.goto('/console/workspaces/acme/plan');
    await page.getByText('Nothing is planned').waitFor();
    await press('Preview');
    await table('What the preview changes').getByText('Report').waitFor();
    await page.getByRole('group', { name: 'Blocks after applying' }).getByText('The earliest time').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    expect(await blocksInGoogle(stack, ANNA)).toEqual([]);
    await press('Apply');
    await said('Written to Google Calendar: 1 created, 0 moved, 0 deleted.');
    expect(await blocksInGoogle(stack, ANNA)).toEqual([expect.stringContaining('Report')]);
    await page.getByRole('log').getByRole('button', { name: 'Undo' }).click();
    await said('Taken back in Google Calendar: 0 created, 0 moved, 1 deleted.');
    expect(await blocksInGoogle(stack, ANNA)).toEqual([]);
    await table('Planning runs').getByText('taken back').waitFor();
  });

  it('says why something does not fit, and that a preview is outdated', async () => {
    const { body } = await call('POST', '/tasks', {
      title: 'Whole day',
      durationMinutes: 600,
      splittable: false,
    });
    await press('Preview');
    const missing = table('What did not fit').getByRole('row', { name: 'Whole day' });
    await missing.getByText('The longest gap is').waitFor();
    await runPlan(stack, { workspaceId: 'acme', mode: 'apply', days: 7 });
    await page.getByText('A plan was applied after this preview').waitFor();
    await press('Dismiss preview');
    await page.getByRole('button', { name: 'Apply', exact: true }).waitFor({ state: 'detached' });
    await call('DELETE', `/tasks/${body.id}`);
  });

  it('shows a block that a person has moved in Google as pinned, and lets it be moved again', async () => {
    await runPlan(stack, { workspaceId: 'acme', mode: 'apply', days: 7 });
    const [written] = await eventsOf(stack, ANNA);
    const later = (time: { dateTime?: string | null | undefined } | undefined) => ({
      dateTime: new Date(Date.parse(time?.dateTime ?? '') + HOUR_MS).toISOString(),
    });
    await stack.google.patchEvent((await ownCalendarId(stack, ANNA))!, written!.id, {
      start: later(written!.start),
      end: later(written!.end),
    });
    await runPlan(stack, { workspaceId: 'acme', mode: 'preview', days: 7 });
    await page.getByText('Stays where a person moved it in Google Calendar.').waitFor();
    const isPinned = async () => (await call('GET', '/blocks')).body[0].pinned;
    await press('Let the planner move Report');
    await expect.poll(isPinned).toBe(false);
    await page.getByRole('log').getByRole('button', { name: 'Undo' }).last().click();
    await expect.poll(isPinned).toBe(true);
  });

  it('adds a task, marks it as done, and opens it again by Undo', async () => {
    await page.getByRole('tab', { name: 'Tasks and habits' }).click();
    await page.getByLabel('New task').fill('Letter');
    await press('Add');
    const letter = table('Tasks').getByRole('row', { name: 'Letter' });
    await letter.waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await letter.getByRole('button', { name: 'Done' }).click();
    await letter.getByText('done', { exact: true }).waitFor();
    await page.getByRole('log').getByRole('button', { name: 'Undo' }).last().click();
    await letter.getByText('open', { exact: true }).waitFor();
  });

  it('says which field is wrong, and changes nothing', async () => {
    await page.getByRole('tab', { name: 'Hours and policy' }).click();
    await page.getByLabel('Sat').first().fill('9 to 5');
    await press('Save');
    await said(/must be local times such as 09:00-12:00/);
    expect((await call('GET', '/hours')).body.work.sat).toEqual([]);
    expect(await findBarriers(page)).toEqual([]);
  });

  it('shows when people can meet', async () => {
    await page.goto('/console/availability');
    await page.getByLabel('Workspaces').fill('acme');
    await press('Ask');
    await page.getByRole('img', { name: /^acme: .*busy 12:00–13:00/ }).waitFor();
    await page.getByText(/^Proven to hold everything of \d calendars/).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByLabel('Workspaces').fill('nowhere');
    await press('Ask');
    await page.getByRole('alert').getByText('nowhere').waitFor();
  });

  it('retries a dead letter, which a success resolves', async () => {
    await stack.google.addFault({
      match: { calendarId: BEN },
      times: 1,
      status: 403,
      reason: 'forbidden',
    });
    await stack.sync('acme');
    await page.goto('/console/');
    await page.getByRole('link', { name: 'Dead letters' }).click();
    await page.getByText('Share the calendar with the account again').waitFor();
    const letter = table('Dead letters of GoogleForbidden').getByRole('row', { name: 'acme' });
    const { runId } = await stack.database.deadLetter.findFirstOrThrow({ where: { status: 'open' } });
    expect(await letter.getByRole('link', { name: 'Web UI' }).getAttribute('href')).toBe(
      `https://temporal.example.com/namespaces/${stack.temporal.namespace}/workflows/calendar-sync%2Facme/${runId}/history`,
    );
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole('button', { name: /^Retry sync of acme/ }).click();
    await said('The retry of sync of acme has begun. A success resolves the dead letter.');
    await page.getByText('Nothing has failed for good').waitFor();
    await press('Show closed ones');
    await page.getByText('resolved').waitFor();
  });

  it('creates a webhook, shows its secret once, tests it, and pauses it until Undo', async () => {
    await page.goto('/console/workspaces/acme/webhooks');
    await page.getByLabel('URL that changes are posted to').fill(`${receiver.url}/hook`);
    await press('Create');
    await page
      .getByRole('dialog')
      .getByText(/^whsec_/)
      .waitFor();
    await press('It is stored');
    await press('Test');
    await said(/The receiver accepted the test with 200/);
    await press('Show deliveries');
    await table('Latest deliveries').getByText('test', { exact: true }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await press('Pause');
    await page.getByText('paused on request').waitFor();
    await page.getByRole('log').getByRole('button', { name: 'Undo' }).last().click();
    await page.getByText('delivering', { exact: true }).waitFor();
    expect(receiver.received.map(({ path }) => path)).toContain('/hook');
  });

  it('names on Overview the workspaces whose webhooks fail, and says who serves the task queues', async () => {
    const data = { failures: 3, failingSince: new Date(), lastError: '503' };
    await stack.database.webhookSubscription.updateMany({ data });
    await page.goto('/console/');
    await table('Failing webhooks').getByRole('link', { name: 'acme' }).waitFor();
    await table('Task queues').getByRole('row', { name: 'google-calendar' }).waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it('compares the mirror with Google, and keeps the result while other pages are looked at', async () => {
    await page.goto('/console/workspaces/acme');
    await press('Verify');
    await said('A comparison has begun. It goes on when you leave this page.');
    await said(/calendars hold what Google has/);
    await page.getByRole('link', { name: 'Week' }).click();
    await page.goBack();
    await table('Verified calendars').getByText('compared').first().waitFor();
  });

  it('creates a key that is shown once and works, and revokes it', async () => {
    await page.goto('/console/workspaces/acme/settings');
    await page.getByLabel('New key').fill('Shop');
    await page.getByText('Only reads').click();
    await press('Create key');
    const key = await page.getByRole('dialog').locator('code').innerText();
    await press('It is stored');
    const me = async () => api.call('/api/v1/me', { key });
    expect((await me()).body).toMatchObject({ scope: { workspaceId: 'acme' }, readOnly: true });
    const row = table('Keys').getByRole('row', { name: 'Shop' });
    await row.getByText('active').waitFor();
    expect(await page.content()).not.toContain(key);
    expect(await findBarriers(page)).toEqual([]);
    await press('Revoke Shop');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
    await row.getByText('revoked').waitFor();
    expect((await me()).status).toBe(401);
  });

  it('creates a key of all workspaces among the installation’s settings', async () => {
    await page.goto('/console/settings');
    await page.getByLabel('New key').fill('Operations');
    await press('Create key');
    await page.getByRole('dialog').getByText(/^alm_/).waitFor();
    await press('It is stored');
    await table('Keys').getByRole('row', { name: 'Operations' }).getByText('all workspaces').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  it('ends a session of another browser', async () => {
    const other = await browser.person();
    await other.context.request.post('/api/v1/session', { data: { key: api.adminKey } });
    await page.goto('/console/settings');
    await page.getByText('this one').waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page
      .getByRole('button', { name: /^End session/ })
      .first()
      .click();
    await press('End it');
    await said('The session has ended: its browser has to sign in again.');
    await other.page.goto('/console/settings');
    await other.page.waitForURL(/\/console\/sign-in/);
    await other.context.close();
  });

  it('shows in a frame only the calendars of the link, without a session', async () => {
    const { body: calendars } = await call('GET', '/calendars');
    const { id } = calendars.find(({ summary }: { summary: string }) => summary === ANNA);
    const { body: link } = await call('POST', '/embed-links', {
      calendarIds: [id],
      frameOrigin: 'https://site.example.com',
    });
    const visitor = await browser.person();
    const { pathname, hash } = new URL(link.url);
    await visitor.page.goto(`${pathname}${hash}`);
    await visitor.page.getByText('Open day').waitFor();
    expect(await visitor.page.content()).not.toContain('Private matter');
    expect(await findBarriers(visitor.page)).toEqual([]);
    const token = hash.slice(1);
    const refused = await api.call('/api/v1/workspaces/acme/events', {
      key: null,
      headers: { authorization: `Embed ${token}` },
    });
    expect(refused.status).toBe(401);
    await call('DELETE', `/embed-links/${link.id}`);
    await visitor.page.reload();
    await visitor.page.getByRole('alert').waitFor();
    await visitor.context.close();
  });
});
