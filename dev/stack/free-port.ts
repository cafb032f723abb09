import getPort, { portNumbers } from 'get-port';

/** How far from the usual port a free one is looked for. */
const RANGE = 100;
const ATTEMPTS = 3;

/**
 * Starts something on its usual port or, where that is busy, the next free one. Should another program take the port
 * in between, the next one is tried.
 */
export async function onFreePort<T>(usual: number, start: (port: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const port = await getPort({ port: portNumbers(usual, usual + RANGE) });
    try {
      return await start(port);
    } catch (error) {
      const isStillFree = (await getPort({ port })) === port;
      if (isStillFree || attempt === ATTEMPTS) throw error;
    }
  }
}
