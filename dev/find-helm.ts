import { existsSync } from 'node:fs';
import { join } from 'node:path';
import envPaths from 'env-paths';
import { findOnPath } from './find-on-path.ts';
import { goInstall } from './go-install.ts';

const HELM_VERSION = '4.3.2';
const EXECUTABLE = process.platform === 'win32' ? 'helm.exe' : 'helm';

const cached = () => join(envPaths('almanac', { suffix: '' }).cache, 'helm', `v${HELM_VERSION}`, EXECUTABLE);

/** The Helm that checks the chart: one built earlier, or the one on the PATH. */
export function findHelm(): string | undefined {
  return existsSync(cached()) ? cached() : findOnPath(EXECUTABLE, process.env.PATH);
}

/** Builds Helm with Go, once, where there is none. */
export async function ensureHelm(): Promise<string> {
  return findHelm() ?? goInstall(`helm.sh/helm/v4/cmd/helm@v${HELM_VERSION}`, cached());
}
