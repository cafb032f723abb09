import { access } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { KEPT_FOR_MS, KeptArchives } from '../../../api/kept-archives.ts';

it('keeps the last archive of each workspace, and the youngest 32 of all', async () => {
  const archives = new KeptArchives(KEPT_FOR_MS);
  const write = (workspaceId: string, text = workspaceId) =>
    archives.write(workspaceId, async (output) => {
      await new Promise<void>((resolve) => output.end(text, resolve));
    });
  try {
    const former = await write('acme', 'former');
    const acme = await write('acme', 'last');
    expect(archives.find('acme', former.tag)).toBeUndefined();
    await expect(access(former.folder)).rejects.toMatchObject({ code: 'ENOENT' });
    const second = await write('second');
    for (let n = 0; n < 31; n += 1) await write(`other-${n}`);
    await archives.trim();
    expect(archives.find('acme', acme.tag)).toBeUndefined();
    await expect(access(acme.folder)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(archives.find('second', second.tag)).toBe(second);
    expect(archives.find('other-0', second.tag)).toBeUndefined();
  } finally {
    await archives.clear();
  }
  expect(archives.find('second', undefined)).toBeUndefined();
});
