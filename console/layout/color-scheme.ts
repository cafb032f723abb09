import { useSyncExternalStore } from 'react';

export type ColorScheme = 'light' | 'dark';

const STORAGE_KEY = 'almanac-color-scheme';
const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();

/** What the reader chose; null follows the system. */
function chosen(): ColorScheme | null {
  const stored = window.localStorage.getItem(STORAGE_KEY);
  return stored === 'light' || stored === 'dark' ? stored : null;
}

function current(): ColorScheme {
  return chosen() ?? (systemIsDark.matches ? 'dark' : 'light');
}

/** Sets the attribute that the style sheets ask for. */
export function applyColorScheme(): void {
  document.documentElement.dataset.colorScheme = current();
  for (const listener of listeners) listener();
}

systemIsDark.addEventListener('change', applyColorScheme);

export function chooseColorScheme(scheme: ColorScheme): void {
  window.localStorage.setItem(STORAGE_KEY, scheme);
  applyColorScheme();
}

export function useColorScheme(): ColorScheme {
  return useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, current);
}
