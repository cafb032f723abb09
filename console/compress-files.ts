import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/** Below, a packet holds the file either way. */
const LEAST_BYTES = 1_024;
const TEXT = /\.(js|css|svg)$/;

/** Writes `.br` and `.gz` beside each file, once at the build, so that the API compresses nothing. */
export function compressFiles(): Plugin {
  return {
    name: 'compress-files',
    enforce: 'post',
    writeBundle({ dir }, bundle) {
      if (dir === undefined) throw new Error('The build writes into a folder.');
      for (const fileName of Object.keys(bundle).filter((name) => TEXT.test(name))) {
        const file = join(dir, fileName);
        const content = readFileSync(file);
        if (content.length < LEAST_BYTES) continue;
        writeFileSync(`${file}.br`, brotliCompressSync(content));
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}
