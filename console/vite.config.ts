import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compressFiles } from './compress-files.ts';
import { limitFirstLoad } from './first-load.ts';

const MOST_FIRST_LOAD_KILOBYTES = 250;

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react(), limitFirstLoad(MOST_FIRST_LOAD_KILOBYTES), compressFiles()],
  build: {
    outDir: '../dist/console',
    emptyOutDir: true,
    // The content security policy allows no script, style or font within the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What counts is the first load.
    chunkSizeWarningLimit: Infinity,
  },
});
