import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const PATIENCE_MS = 15_000;
/** Findings below these are matters of taste. */
const GRAVE = ['serious', 'critical'];

/** The browser that `ALMANAC_CHROMIUM` names, or one on the path; null where there is none. */
export const CHROMIUM = process.env.ALMANAC_CHROMIUM ?? findOnPath();

function findOnPath(): string | null {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const files = folders.flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return files.find(existsSync) ?? null;
}

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
  const browser = await chromium.launch({ executablePath: CHROMIUM!, args: FLAGS });
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
