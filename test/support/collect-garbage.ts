import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');

/** Collects garbage now, as a busy process does sooner or later. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the flag above defines it
export const collectGarbage = runInNewContext('gc') as () => void;
