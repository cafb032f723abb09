import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

interface Change {
  /** A file in `workflows/`. */
  file: string;
  edit: (source: string) => string;
}

/** The bundle of another build of the application: its workflows with one file of them changed. */
export async function bundleChangedWorkflows({ file, edit }: Change): Promise<{ code: string }> {
  const parent = join(PROJECT_ROOT, '.almanac');
  await mkdir(parent, { recursive: true });
  // In the project, so that packages are found from there.
  const folder = await mkdtemp(join(parent, 'other-build-'));
  try {
    for (const name of ['workflows', 'contracts']) {
      await cp(join(PROJECT_ROOT, name), join(folder, name), { recursive: true });
    }
    const path = join(folder, 'workflows', file);
    const source = await readFile(path, 'utf8');
    const edited = edit(source);
    if (edited === source) throw new Error(`${file} no longer has what was to be changed in it.`);
    await writeFile(path, edited);
    return await bundleWorkflowCode({
      workflowsPath: join(folder, 'workflows', 'index.ts'),
      logger: new DefaultLogger('WARN'),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
