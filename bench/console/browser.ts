import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS } from '../../dev/chromium.ts';
import { FRAME_REPORTS, type Frames, framesOf } from './frames.ts';
import { percentile } from '../support/statistics.ts';

/** Pages, and what shows that each can be used. */
const PAGES = [
  ['Overview', '/console/', 'table[aria-label], [role="table"]'],
  ['Workspaces', '/console/workspaces', '[role="table"] [role="row"]:nth-child(10) a'],
] as const;
/** A quick flick: five rows with every frame. */
const FRAME_PX = 200;
const LONGEST_SCROLL_MS = 120_000;

export interface BrowserReport {
  pages: {
    name: string;
    /** From the navigation to rows that can be used: median and worst. */
    usableMs: { median: number; worst: number };
    /** Compressed bytes of scripts, styles and the document. */
    loadedBytes: number;
    /** Sum of what tasks of the main thread took beyond 50 ms each: median. */
    blockedMs: number;
  }[];
  scroll: Frames & { rows: number };
}

/** Text, because types of the browser are not those of Node. */
const WATCH = `
  window.longTasks = [];
  new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask', buffered: true });`;
const LOADED = `performance.getEntries()
  .filter(({ entryType, initiatorType }) => entryType === 'navigation' || ['script', 'link', 'css'].includes(initiatorType))
  .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0)`;
const BLOCKED = `window.longTasks.reduce((sum, duration) => sum + duration - 50, 0)`;
/** A browser that is signed in and has nothing in its cache. */
async function visitor(browser: Browser, url: string, key: string): Promise<BrowserContext> {
  const context = await browser.newContext({ baseURL: url, viewport: { width: 1_280, height: 800 } });
  const signedIn = await context.request.post('/api/v1/session', { data: { key } });
  if (!signedIn.ok()) throw new Error(`The API answered ${signedIn.status()} to the sign-in.`);
  await context.addInitScript(WATCH);
  return context;
}

async function visit(page: Page, path: string, usable: string) {
  const startedAt = performance.now();
  await page.goto(path, { waitUntil: 'commit' });
  await page.locator(usable).first().waitFor();
  const usableMs = performance.now() - startedAt;
  return {
    usableMs,
    loadedBytes: await page.evaluate<number>(LOADED),
    blockedMs: await page.evaluate<number>(BLOCKED),
  };
}

/** Text, because types of the browser are not those of Node. Ends at the last row of so many, or when time is up. */
const scrollThrough = (count: number) => `new Promise((done) => {
  const table = document.querySelector('[role="table"][aria-label="Workspaces"]');
  const scroller = document.querySelector('.table-scrolling');
  const endsAt = performance.now() + ${LONGEST_SCROLL_MS};
  requestAnimationFrame(function step() {
    scroller.scrollBy(0, ${FRAME_PX});
    const rows = Number(table.getAttribute('aria-rowcount')) - 1;
    const isAtEnd = scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1;
    if ((rows >= ${count} && isAtEnd) || performance.now() > endsAt) done(rows);
    else requestAnimationFrame(step);
  });
})`;

/**
 * Scrolls with every frame to the last row, which loads all of them, and reads from Chromium's trace which frames
 * were presented, and which were dropped although something had moved.
 */
async function scroll(browser: Browser, page: Page, count: number): Promise<BrowserReport['scroll']> {
  await browser.startTracing(page, { categories: [FRAME_REPORTS] });
  const rows = await page.evaluate<number>(scrollThrough(count));
  return { rows, ...framesOf(await browser.stopTracing()) };
}

/** How quickly the console can be used, and how evenly its longest list scrolls. Sign-in is not counted. */
export async function measureBrowser(options: {
  url: string;
  key: string;
  visits: number;
  workspaces: number;
}): Promise<BrowserReport> {
  const { url, key, visits, workspaces } = options;
  if (CHROMIUM === null) throw new Error('Chromium is neither on the path nor named by ALMANAC_CHROMIUM.');
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: CHROMIUM_FLAGS });
  try {
    const pages = [];
    for (const [name, path, usable] of PAGES) {
      const seen = [];
      for (let index = 0; index < visits; index += 1) {
        const context = await visitor(browser, url, key);
        seen.push(await visit(await context.newPage(), path, usable));
        await context.close();
      }
      const took = seen.map(({ usableMs }) => usableMs);
      pages.push({
        name,
        usableMs: { median: percentile(took, 0.5), worst: Math.max(...took) },
        loadedBytes: seen[0]?.loadedBytes ?? 0,
        blockedMs: percentile(
          seen.map(({ blockedMs }) => blockedMs),
          0.5,
        ),
      });
    }
    const context = await visitor(browser, url, key);
    const page = await context.newPage();
    const [, path, usable] = PAGES[1];
    await visit(page, path, usable);
    return { pages, scroll: await scroll(browser, page, workspaces) };
  } finally {
    await browser.close();
  }
}
