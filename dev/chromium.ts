import { findOnPath } from './find-on-path.ts';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

export const CHROMIUM_FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The browser that `ALMANAC_CHROMIUM` names, or one on the path; null where there is none. */
export const CHROMIUM = process.env.ALMANAC_CHROMIUM ?? onPath() ?? null;

function onPath(): string | undefined {
  return NAMES.map((name) => findOnPath(name, process.env.PATH)).find((path) => path !== undefined);
}
