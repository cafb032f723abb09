import type { Variables } from '../client/environment.ts';

/** A shell on another machine has no browser, nor has Linux without a display. */
export function hasBrowser(variables: Variables, platform: NodeJS.Platform = process.platform): boolean {
  if (variables['SSH_CONNECTION'] || variables['SSH_TTY']) return false;
  if (platform !== 'linux') return true;
  return ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'].some((name) => variables[name]);
}

/** Opens the URL where there is a browser. That it could not be opened is no failure: the URL has been printed. */
export async function openBrowser(url: string): Promise<void> {
  const { default: open } = await import('open');
  try {
    const browser = await open(url);
    browser.once('error', () => undefined);
  } catch {
    // The user opens it.
  }
}
