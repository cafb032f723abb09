import { mkdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PROJECT_ROOT } from '../../dev/project-root.ts';
import { readRunningStack } from '../../dev/stack-file.ts';
import { CHROMIUM, startBrowser } from '../support/browser.ts';
import { CONSOLE_PAGES } from '../support/console-pages.ts';

const FOLDER = join(PROJECT_ROOT, 'docs', 'console');
const VIEWPORT = { width: 1280, height: 800 };
const SAMPLE = 'acme-berlin';
const MOST_BYTES = 200_000;
/** Until calendars and charts are drawn. */
const SETTLED_MS = 2_500;

/** Pictures for the papers, of what `npm start` shows: `ALMANAC_SCREENSHOTS=true` while it runs in this folder. */
describe.runIf(process.env.ALMANAC_SCREENSHOTS === 'true' && CHROMIUM !== null)(
  'pictures of the console',
  () => {
    it.each(['light', 'dark'] as const)('are taken in %s colours', async (colorScheme) => {
      const stack = readRunningStack(PROJECT_ROOT);
      if (stack === null)
        throw new Error('Nothing to take pictures of: run `npm start` in this folder first.');
      const browser = await startBrowser(new URL(stack.addresses.api).origin);
      const { context, page } = await browser.person({ viewport: VIEWPORT, colorScheme });
      const key = stack.environment.INTERNAL_TRIGGER_SECRET_KEY;
      await context.request.post('/api/v1/session', { data: { key } });
      mkdirSync(FOLDER, { recursive: true });
      // One picture of each page, by turns light and dark.
      const pages = Object.entries(CONSOLE_PAGES).filter(
        (_, index) => (index % 2 === 0) === (colorScheme === 'light'),
      );
      for (const [name, path] of pages) {
        await page.goto(`/console${path.replace('/acme', `/${SAMPLE}`)}`);
        await page.waitForTimeout(SETTLED_MS);
        const file = join(FOLDER, `${name}.png`);
        await page.screenshot({ path: file });
        expect((await stat(file)).size).toBeLessThan(MOST_BYTES);
      }
      await browser.close();
    });
  },
);
