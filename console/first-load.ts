import { gzipSync } from 'node:zlib';
import type { Plugin, Rollup } from 'vite';

const KILOBYTE = 1000;

/** Compressed bytes of what `index.html` names: the entry, all that it imports at once, and their styles. */
function firstLoadBytes(bundle: Rollup.OutputBundle): number {
  const files = new Set<string>();
  function add(fileName: string) {
    const output = bundle[fileName];
    if (output === undefined || files.has(fileName)) return;
    files.add(fileName);
    if (output.type !== 'chunk') return;
    output.imports.forEach(add);
    output.viteMetadata?.importedCss.forEach(add);
  }
  for (const output of Object.values(bundle))
    if (output.type === 'chunk' && output.isEntry) add(output.fileName);
  return [...files].reduce((bytes, fileName) => {
    const output = bundle[fileName]!;
    return bytes + gzipSync(output.type === 'chunk' ? output.code : output.source).length;
  }, 0);
}

/** Fails the build when the first page would take longer than it should. */
export function limitFirstLoad(mostKilobytes: number): Plugin {
  return {
    name: 'limit-first-load',
    enforce: 'post',
    writeBundle(_, bundle) {
      const kilobytes = Math.ceil(firstLoadBytes(bundle) / KILOBYTE);
      if (kilobytes > mostKilobytes)
        this.error(
          `The console's first load is ${kilobytes} kB compressed; at most ${mostKilobytes} kB are allowed. ` +
            'Load what the first page can do without by import().',
        );
    },
  };
}
