import type { Part } from '../processes/part.ts';
import { startNode } from '../processes/start-node.ts';
import { untilAnswers } from '../processes/until-ready.ts';
import type { StackEnvironment } from '../stack-file.ts';
import { PROGRAM } from './program.ts';

/** Longer than the 10 seconds that the API gives its open requests. */
const STOP_GRACE_MS = 12_000;

/** Starts the API and waits until it takes requests. */
export async function startApi(options: {
  port: number;
  environment: StackEnvironment;
  logFile: string;
  directory: string;
}): Promise<Part> {
  const { port, environment, logFile, directory } = options;
  const part = await startNode({
    name: 'The API',
    script: PROGRAM,
    args: ['api'],
    env: {
      LOG_FORMAT: 'pretty',
      PUBLIC_URL: `http://localhost:${port}`,
      ...process.env,
      ...environment,
      API_HOST: '127.0.0.1',
      API_PORT: String(port),
    },
    cwd: directory,
    logFile,
    graceMs: STOP_GRACE_MS,
  });
  await untilAnswers(part, `http://127.0.0.1:${port}/readyz`);
  return part;
}
