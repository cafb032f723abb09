import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';
import { CHROMIUM, findBarriers, findOverflow, startBrowser, type TestBrowser } from '../support/browser.ts';
import { codeIn, startTestMail, type TestMail } from '../support/mail.ts';
import { ownCalendarId, runPlan } from '../support/planning-stack.ts';
import { insertAtNoon, noon } from '../support/noon.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

const ANNA = 'anna@example.com';
const BEN = 'ben@example.com';

let stack: WorkflowStack;
let api: TestApi;
let mail: TestMail;
let browser: TestBrowser;
/** Signed in as an admin. */
let page: Page;

const insert = (calendarId: string, summary: string) => insertAtNoon(stack.google, calendarId, summary);

const call = (method: string, path: string, body?: unknown) => api.call(`/api/v1${path}`, { method, body });

const table = (name: string) => page.getByRole('table', { name });
const press = (name: string) => page.getByRole('button', { name, exact: true }).first().click();
const said = (text: string | RegExp) => page.getByRole('log').getByText(text).last().waitFor();
const undo = () => page.getByRole('log').getByRole('button', { name: 'Undo' }).last().click();

/** Grave barriers in light and in dark colours. */
async function barriersInBothColours(): Promise<string[]> {
  const found = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    found.push(...(await findBarriers(page)));
  }
  return found;
}

describe.skipIf(CHROMIUM === null)('the forms of the console', () => {
  beforeAll(async () => {
    stack = await startServedStack();
    await stack.connect('ada', ANNA, 'UTC');
    await stack.connect('ben', BEN, 'UTC');
    await insert(ANNA, 'Open day');
    await stack.sync('ada', 'full');
    await stack.sync('ben', 'full');
    mail = await startTestMail();
    api = await startTestApi({
      stack: { prisma: stack.database, temporal: stack.temporal },
      environment: {
        WEBHOOK_ALLOWED_NETWORKS: ['127.0.0.0/8'],
        SMTP_URL: mail.url,
        SMTP_FROM: 'almanac@example.com',
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
    await mail?.close();
    await stack?.close();
  });

  describe('webhooks', () => {
    const saved = async () => (await call('GET', '/workspaces/ada/webhooks')).body[0];

    it('creates one for chosen types, days and calendars', async () => {
      const { body: calendars } = await call('GET', '/workspaces/ada/calendars');
      await page.goto('/console/workspaces/ada/webhooks');
      await page.getByLabel('URL that changes are posted to').fill('http://127.0.0.1:9/hook');
      await page.getByLabel('What is posted').selectOption('full');
      await page.getByRole('group', { name: 'Events', exact: true }).getByLabel('deleted').uncheck();
      await page.getByRole('group', { name: 'Occurrences' }).getByLabel('created').check();
      await page.getByLabel('Occurrences that start within').fill('30');
      await page.getByLabel('sync failed').check();
      await page.getByRole('group', { name: 'Only these calendars' }).getByLabel(ANNA).check();
      expect(await barriersInBothColours()).toEqual([]);
      await press('Create');
      await press('It is stored');
      expect(await saved()).toMatchObject({
        payload: 'full',
        types: ['event.created', 'event.updated', 'occurrence.created', 'sync.failed'],
        occurrenceDays: 30,
        calendarIds: [calendars.find(({ summary }: { summary: string }) => summary === ANNA).id],
      });
    });

    it('changes what it gets, and takes that back', async () => {
      await press('Change');
      const form = page.getByRole('region', { name: '/hook' }).locator('form');
      await form.getByLabel('sync failed').uncheck();
      await form.getByRole('button', { name: 'Save' }).click();
      await said('The webhook to http://127.0.0.1:9/hook is changed.');
      expect((await saved()).types).not.toContain('sync.failed');
      await undo();
      await expect.poll(async () => (await saved()).types).toContain('sync.failed');
    });
  });

  describe('notifiers', () => {
    const saved = async () => (await call('GET', '/workspaces/ada/notifiers')).body[0];

    it('creates one with its notices, hour and weekday', async () => {
      await page.goto('/console/workspaces/ada/settings');
      await page.getByLabel('New notifier').fill('Morning');
      await page.getByLabel('E-mail address').fill('on-call@example.com');
      await page.getByLabel('work stays failed').uncheck();
      await page.getByLabel('weekly summary').check();
      await page.getByLabel('Reports at hour').fill('6');
      await page.getByLabel('Summary on').selectOption('sun');
      expect(await barriersInBothColours()).toEqual([]);
      await press('Create');
      await said('Morning was sent a code.');
      expect(await saved()).toMatchObject({
        status: 'unconfirmed',
        notices: ['needs-reconnect', 'weekly-summary'],
        agendaHour: 6,
        summaryWeekday: 'sun',
      });
    });

    it('refuses a wrong code in a sentence, and confirms the address by the right one', async () => {
      await press('Confirm Morning');
      await page.getByLabel('Code from the e-mail').fill('AAAAA-AAAAA');
      await press('Confirm');
      await said(/code/);
      expect((await saved()).status).toBe('unconfirmed');
      await page.getByLabel('Code from the e-mail').fill(codeIn(mail));
      await press('Confirm');
      await said('Morning is confirmed');
      expect((await saved()).status).toBe('active');
    });

    it('shows what it was sent, and its outcome', async () => {
      await press('Test Morning');
      await said('The test has arrived at Morning.');
      const row = table('Messages, newest first').getByRole('row', { name: 'test' });
      await row.getByText('delivered').waitFor();
      expect(await barriersInBothColours()).toEqual([]);
    });

    it('changes its choices, and takes that back', async () => {
      const chosen = page.getByRole('region', { name: 'Morning' });
      await chosen.getByLabel('daily agenda').check();
      await chosen.getByRole('button', { name: 'Save' }).click();
      await said('Morning is changed.');
      expect((await saved()).notices).toContain('daily-agenda');
      await undo();
      await expect.poll(async () => (await saved()).notices).not.toContain('daily-agenda');
    });
  });

  describe('templates', () => {
    const saved = async () => (await call('GET', '/templates/report')).body;

    it('writes one', async () => {
      await page.goto('/console/settings');
      await press('New template');
      await page.getByLabel('Name of the template').fill('report');
      await press('Add a task');
      const task = page.getByRole('group', { name: 'task 1' });
      await task.getByLabel('Name in the template').fill('outline');
      await task.getByLabel('Title').fill('Outline');
      await task.getByLabel('Minutes', { exact: true }).fill('90');
      await task.getByLabel('Due by the end of day').fill('7');
      await press('Add a habit');
      const habit = page.getByRole('group', { name: 'habit 1' });
      await habit.getByLabel('Name in the template').fill('review');
      await habit.getByLabel('Title').fill('Review');
      expect(await barriersInBothColours()).toEqual([]);
      await press('Save');
      await said('The template report is stored.');
      expect(await saved()).toMatchObject({
        tasks: [{ name: 'outline', title: 'Outline', durationMinutes: 90, deadlineDay: 7 }],
        habits: [{ name: 'review', rrule: 'FREQ=DAILY', durationMinutes: 30 }],
      });
    });

    it('says which field is wrong, changes it, and takes that back', async () => {
      await press('Change report');
      const task = page.getByRole('group', { name: 'task 1' });
      await task.getByLabel('After the tasks').fill('nowhere');
      await press('Save');
      await said(/must name tasks of the template/);
      await task.getByLabel('After the tasks').fill('');
      await task.getByLabel('Title').fill('Outline of the report');
      await press('Save');
      await said('The template report is changed.');
      expect((await saved()).tasks[0].title).toBe('Outline of the report');
      await undo();
      await expect.poll(async () => (await saved()).tasks[0].title).toBe('Outline');
    });

    it('makes it in all workspaces, and says in how many', async () => {
      await press('Apply report');
      const form = page.getByRole('form', { name: 'Apply report' });
      await form.getByRole('combobox').selectOption('all');
      await form.getByRole('button', { name: 'Apply' }).click();
      await page.getByText('Made in 2 workspaces; 0 failed, 0 had it already.').waitFor();
      expect((await call('GET', '/workspaces/ben/tasks')).body).toMatchObject([{ title: 'Outline' }]);
      expect(await barriersInBothColours()).toEqual([]);
    });
  });

  describe('policy and plan', () => {
    const policy = async () => (await call('GET', '/workspaces/ada/policy')).body;

    it('limits a day, chooses the calendar, and takes that back', async () => {
      await page.goto('/console/workspaces/ada/plan');
      await page.getByRole('tab', { name: 'Hours and policy' }).click();
      await page.getByLabel('At most a day in work').fill('120');
      await page.getByLabel('Into').selectOption({ label: ANNA });
      expect(await barriersInBothColours()).toEqual([]);
      await page.getByRole('region', { name: 'Policy' }).getByRole('button', { name: 'Save' }).click();
      await said('The policy is saved.');
      expect(await policy()).toMatchObject({
        maxMinutesPerDay: { work: 120 },
        targetCalendarId: expect.any(String),
      });
      await undo();
      await expect.poll(policy).toMatchObject({ maxMinutesPerDay: {}, targetCalendarId: null });
    });

    it('adds hours of another type, which a task can name', async () => {
      await page.getByLabel('Type of hours').fill('deep-work');
      await press('Add hours');
      await page.getByRole('region', { name: 'Hours: deep-work' }).waitFor();
      await page.getByRole('tab', { name: 'Tasks and habits' }).click();
      await page.getByLabel('New task').fill('Letter');
      await page.getByRole('region', { name: 'Tasks' }).getByLabel('Hours').selectOption('deep-work');
      await press('Add');
      await table('Tasks').getByRole('row', { name: 'Letter' }).waitFor();
      const { body } = await call('GET', '/workspaces/ada/tasks');
      expect(body.find(({ title }: { title: string }) => title === 'Letter').hours).toBe('deep-work');
      expect(await barriersInBothColours()).toEqual([]);
    });

    it('removes every planned block, when it was asked whether to', async () => {
      await runPlan(stack, { workspaceId: 'ada', mode: 'apply', days: 7 });
      expect(await ownCalendarId(stack, ANNA)).toBeDefined();
      await page.getByRole('tab', { name: 'Hours and policy' }).click();
      await press('Remove all blocks');
      await press('Remove all');
      await said(/^Removed from Google Calendar: \d+ block/);
      expect((await call('GET', '/workspaces/ada/blocks')).body).toEqual([]);
    });
  });

  describe('availability', () => {
    it('asks for groups, buffers and several windows, and says how fresh each person’s answer is', async () => {
      for (const workspaceId of ['ada', 'ben']) await stack.sync(workspaceId);
      await page.goto('/console/availability');
      await page.getByLabel('Workspaces', { exact: true }).fill('ada, ben');
      await page.getByLabel('Free before').fill('15');
      await page.getByRole('combobox', { name: /^then/ }).selectOption('fewestMoves');
      await press('Add a window');
      await press('Add a group');
      await page.getByLabel('Workspaces of the group').fill('ada, ben');
      await page.getByLabel('At least').fill('1');
      const [request] = await Promise.all([
        page.waitForRequest((one) => one.url().includes('/availability') && one.method() === 'POST'),
        press('Ask'),
      ]);
      expect(request.postDataJSON()).toMatchObject({
        workspaceIds: ['ada', 'ben'],
        slots: {
          bufferBeforeMinutes: 15,
          prefer: ['earliest', 'fewestMoves'],
          groups: [{ workspaceIds: ['ada', 'ben'], atLeast: 1 }],
        },
      });
      expect(request.postDataJSON().windows).toHaveLength(2);
      await page.getByRole('img', { name: /^ada: .*busy 12:00–13:00/ }).waitFor();
      await page.getByText(/^Proven to hold everything of \d calendars/).waitFor();
      expect(await table('Proof of each person').getByRole('row').count()).toBe(3);
      await table('Hours of work of each person').getByText('mon–fri 09:00–17:00').first().waitFor();
      expect(await barriersInBothColours()).toEqual([]);
    });

    it('asks for hours of a day, and names the field that is wrong', async () => {
      await page.goto('/console/workspaces/ada/availability');
      await page.getByRole('img', { name: /^ada/ }).first().waitFor();
      await page.getByLabel('From time').fill('09:00');
      await page.getByLabel('To, exclusive').fill(noon().slice(0, 10));
      await page.getByLabel('From', { exact: true }).fill(noon().slice(0, 10));
      await page.getByLabel('To time').fill('08:00');
      await press('Ask');
      await page.getByRole('alert').getByText('windows').waitFor();
      await page.getByLabel('To time').fill('23:00');
      await press('Ask');
      await page.getByRole('alert').waitFor({ state: 'detached' });
      await page.getByRole('img', { name: /^ada: .*busy 12:00–13:00/ }).waitFor();
    });

    it('permits another workspace to read, and takes that back', async () => {
      await page.getByLabel('Workspace that may read').fill('ben');
      await press('Permit');
      const permits = async () => (await call('GET', '/workspaces/ada/availability-permits')).body;
      await expect.poll(permits).toMatchObject([{ readerId: 'ben' }]);
      expect(await barriersInBothColours()).toEqual([]);
      await press('Take back the permit of ben');
      await said('ben may no longer read when ada is busy.');
      expect(await permits()).toEqual([]);
      await undo();
      await expect.poll(permits).toHaveLength(1);
    });
  });

  it('fits a phone with what the forms have made', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of [
      '/settings',
      '/workspaces/ada/settings',
      '/workspaces/ada/webhooks',
      '/workspaces/ada/availability',
      '/workspaces/ada/plan',
    ]) {
      await page.goto(`/console${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
      expect(await findOverflow(page), path).toEqual([]);
    }
    for (const name of ['Tasks and habits', 'Hours and policy']) {
      await page.getByRole('tab', { name }).click();
      await expect.poll(() => page.locator('.skeleton').count()).toBe(0);
      expect(await findOverflow(page), name).toEqual([]);
    }
    await page.setViewportSize({ width: 1280, height: 720 });
  });

  it('looks back by keyboard to the moments at which the mirror has changed', async () => {
    await insert(ANNA, 'Late arrival');
    await stack.sync('ada');
    const { body: moments } = await call('GET', '/workspaces/ada/changes/moments');
    await page.goto('/console/workspaces/ada/week');
    await page.locator('.week-entry', { hasText: 'Late arrival' }).waitFor();
    const slider = page.getByRole('slider', { name: 'As it was' });
    expect(await slider.getAttribute('max')).toBe(String(moments.length));
    await slider.focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.locator('.week-entry', { hasText: 'Late arrival' }).waitFor({ state: 'detached' });
    await page.locator('.week-entry', { hasText: 'Open day' }).waitFor();
    expect(await slider.getAttribute('aria-valuetext')).toMatch(/\d{2}:\d{2}:\d{2}, after \d+ changes?$/);
    expect(await barriersInBothColours()).toEqual([]);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.locator('.week-entry', { hasText: 'Late arrival' }).waitFor();
    await expect.poll(() => slider.getAttribute('aria-valuetext')).toBe('now');
  });
});
