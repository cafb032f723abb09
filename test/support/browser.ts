import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { CHROMIUM, CHROMIUM_FLAGS } from '../../dev/chromium.ts';

export { CHROMIUM };

const PATIENCE_MS = 15_000;
/** Findings below these are matters of taste. */
const GRAVE = ['serious', 'critical'];

/** Plain JavaScript, which has no types. */
const BUILD = new URL('../../dev/bootstrap/build-console.mjs', import.meta.url).href;
interface ConsoleBuild {
  isConsoleCurrent(): boolean;
  buildConsole(): Promise<void>;
}

export interface TestBrowser {
  /** A browser of another person: without cookies. */
  person(options?: Parameters<Browser['newContext']>[0]): Promise<{ context: BrowserContext; page: Page }>;
  /** What pages have complained about since the last call: scripts' errors, breaches of the content policy. */
  takeComplaints(): string[];
  close(): Promise<void>;
}

/** Starts a browser for the console of the API at `url`, which is built where it is not current. */
export async function startBrowser(url: string): Promise<TestBrowser> {
  const { isConsoleCurrent, buildConsole } = (await import(BUILD)) as ConsoleBuild;
  if (!isConsoleCurrent()) await buildConsole();
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: CHROMIUM_FLAGS });
  let complaints: string[] = [];
  return {
    async person(options) {
      const context = await browser.newContext({ baseURL: url, ...options });
      context.setDefaultTimeout(PATIENCE_MS);
      const page = await context.newPage();
      page.on('pageerror', ({ message }) => complaints.push(message));
      page.on('console', (line) => {
        // A refusal of the API is an answer, and pages show it.
        if (line.type() === 'error' && !line.text().startsWith('Failed to load resource'))
          complaints.push(line.text());
      });
      return { context, page };
    },
    takeComplaints() {
      const taken = complaints;
      complaints = [];
      return taken;
    },
    close: () => browser.close(),
  };
}

/** Grave findings of axe on the page as it is now, one line each. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ''))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id} ${target.join(' ')} ${failureSummary}`),
    );
}

/** What makes the page scroll sideways, or is cut off: one line each. */
export function findOverflow(page: Page): Promise<string[]> {
  // Text, because types of the browser are not those of tests.
  return page.evaluate(`(() => {
    const { clientWidth, scrollWidth } = document.documentElement;
    const beyond = [...document.querySelectorAll('main button, main input, main select, main section')]
      .filter((element) => element.checkVisibility() && element.getBoundingClientRect().right > clientWidth)
      .map((element) => element.tagName + ' ' + (element.getAttribute('aria-label') ?? element.textContent));
    return [...(scrollWidth > clientWidth ? ['the page is ' + scrollWidth + ' wide'] : []), ...beyond];
  })()`);
}
