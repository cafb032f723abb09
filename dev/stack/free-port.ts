import getPort, { portNumbers } from 'get-port';

/** Number of ports above the usual one that are tried. */
const RANGE = 100;
const ATTEMPTS = 3;

/**
 * Starts a server on its usual port or, if that is taken, the next free one. If another program takes that
 * port before the server does, the next one is tried.
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
