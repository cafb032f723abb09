import { parseEnvironment } from '../../contracts/environment.ts';
import type { Variables } from '../../client/environment.ts';
import { type Check, fail, ok } from './check.ts';

/** `engines.node` of package.json. */
const MINIMUM_NODE = [20, 19] as const;

export function nodeCheck(version: string): Check {
  return {
    name: 'node',
    async run() {
      const [major = 0, minor = 0] = version.split('.').map(Number);
      const newEnough = major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
      return newEnough
        ? ok(`Node ${version}`)
        : fail(`Node ${version} is too old`, `Install Node ${MINIMUM_NODE.join('.')} or newer.`);
    },
  };
}

export function configurationCheck(variables: Variables): Check {
  return {
    name: 'configuration',
    async run() {
      parseEnvironment(variables);
      return ok('complete');
    },
  };
}
