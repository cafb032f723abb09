import { fileURLToPath } from 'node:url';

/** Folder of the built console, from the sources as from the build. */
export const CONSOLE_FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/console/' : '../console/', import.meta.url),
);
