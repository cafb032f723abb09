// Entry point of `npm start`, `npm test` and `npm run build`. Plain JavaScript without dependencies, because
// nothing may be installed yet. It writes to stderr only: stdout belongs to the target.
const OLDEST_NODE = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
  process.stderr.write(
    `Almanac needs Node ${OLDEST_NODE.join('.')} or newer, and this is Node ${process.versions.node}: ` +
      'install a current release from https://nodejs.org and try again.\n',
  );
  process.exit(2);
}

const [target, ...args] = process.argv.slice(2);
const { runTarget } = await import('./bootstrap/targets.mjs');
await runTarget(target, args);
