import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Mails that stay in the folder: the latest ones. */
const MOST_KEPT = 50;

/** Writes a mail into a folder, and removes the oldest ones. Returns the path of its file. */
export async function keepMail(folder: string, content: Buffer, at = new Date()): Promise<string> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${at.toISOString().replaceAll(':', '-')}-${content.length}.eml`);
  await writeFile(file, content, { mode: 0o600 });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.eml')).toSorted();
  await Promise.all(names.slice(0, -MOST_KEPT).map((name) => rm(join(folder, name), { force: true })));
  return file;
}
