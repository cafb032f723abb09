import type { Variables } from '../client/environment.ts';

/** False in an SSH session, and on Linux without a display. */
export function hasBrowser(variables: Variables, platform: NodeJS.Platform = process.platform): boolean {
  if (variables['SSH_CONNECTION'] || variables['SSH_TTY']) return false;
  if (platform !== 'linux') return true;
  return ['DISPLAY', 'WAYLAND_DISPLAY', 'WSL_DISTRO_NAME'].some((name) => variables[name]);
}

/** Opens the URL in a browser. Errors are ignored: the URL has been printed. */
export async function openBrowser(url: string): Promise<void> {
  const { default: open } = await import('open');
  try {
    const browser = await open(url);
    browser.once('error', () => undefined);
  } catch {
    // The user can open the printed URL.
  }
}
