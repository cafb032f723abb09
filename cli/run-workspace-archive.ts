import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { InvalidInputError } from '../services/errors.ts';
import { exportWorkspace } from '../services/tenancy/export-workspace.ts';
import { importWorkspace } from '../services/tenancy/import-workspace.ts';
import { requireWorkspace } from '../services/workspaces.ts';
import { printHint, printJson, printLine, printTable } from '../terminal/output.ts';
import type { CommandContext } from './command-context.ts';

/** Body of `almanac workspace export`. The file has its name only once it is complete and on the disk. */
export async function runWorkspaceExport(
  { json, database }: CommandContext,
  { workspaceId, path }: { workspaceId: string; path: string },
): Promise<void> {
  await requireWorkspace(await database(), workspaceId);
  const unfinished = `${path}.part`;
  const output = createWriteStream(unfinished, { mode: 0o600, flush: true });
  try {
    await new Promise<void>((resolve, reject) => {
      output.once('open', () => resolve());
      output.once('error', reject);
    });
  } catch (error) {
    throw new InvalidInputError('to', 'must be the path of a file that can be written', { cause: error });
  }
  try {
    const manifest = await exportWorkspace(await database(), workspaceId, output);
    await rename(unfinished, path);
    if (json) return printJson(manifest);
    await printTable(
      ['file', 'rows', 'bytes'],
      manifest.members.map(({ name, rows, bytes }) => [name, rows, bytes]),
      '',
    );
    printLine(`Workspace ${workspaceId} as of ${manifest.snapshotAt} is in ${path}.`);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}

/** Body of `almanac workspace import`. */
export async function runWorkspaceImport(
  { json, database }: CommandContext,
  { workspaceId, path }: { workspaceId: string; path: string },
): Promise<void> {
  const report = await importWorkspace(await database(), workspaceId, path);
  if (json) return printJson(report);
  await printTable(['table', 'rows'], Object.entries(report.rows), '');
  printHint(
    `Calendars and events are listed anew from Google: run \`almanac account connect ${workspaceId}\`.`,
  );
  printLine(`Workspace ${workspaceId} is restored as of ${report.snapshotAt}.`);
}
