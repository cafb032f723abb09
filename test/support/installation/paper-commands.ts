/** Commands of the papers that no test runs, and why. */
export const NOT_RUN: [command: RegExp, reason: string][] = [
  [/^npm test( |$)/, 'runs this very test'],
  [/^npm ci( |$)/, 'installs the dependencies that this test runs with'],
  [/^npm run check$/, 'CI runs its parts'],
  [/^npm run (lint:fix|hooks|test:watch)$/, 'changes the checkout, or waits for changes'],
  [/^npm run test:unit$/, 'CI runs these tests'],
  [/^npm run generate:docs$/, 'test/unit/papers compares the pages with what it writes'],
  [/^npm run generate:api$/, 'fetches its generator; test/unit/api compares the document'],
  [/^npm run (record|confirm)-histories$/, 'writes histories; test/replay runs those that there are'],
  [/^npm pack /, 'test/packages packs the packages and installs them'],
  [/^docker compose /, 'needs Docker; test/deploy reads the file'],
  [/^(helm|kubectl) /, 'needs a cluster; test/deploy renders the chart'],
  [/^psql /, 'gives logins new passwords; test/tenants uses both'],
  [/^(pg_dump|createdb) /, 'needs the programs of Postgres; test/prisma dumps and restores'],
  [/^npx almanac restore finish --yes$/, 'compacts every log; test/workflows restores a database'],
  [/^npx almanac account connect /, 'needs a browser; test/client signs in to the emulator'],
  [/^TEMPORAL_DEPLOYMENT_NAME=/, 'needs a commit; test/workflows runs two builds side by side'],
  [/^temporal operator nexus endpoint create /, 'has one endpoint per name; test/worker creates them'],
  [/^node dist\/examples\/call-by-nexus\//, 'needs a calendar ID; test/worker runs its workflow'],
  [/^temporal worker deployment /, 'needs a deployment; test/workflows runs two builds side by side'],
];

/** Commands that run until a signal stops them. */
export const SERVERS = [
  /^node bin\/almanac\.js api$/,
  /node bin\/almanac\.js worker$/,
  / --follow$/,
  /^node dist\/examples\/connect-account\/main\.js$/,
  /^node dist\/examples\/receive-webhooks\/main\.js$/,
];

/** Started once, for all of the others. */
export const STARTED_BEFORE = /^npm start$/;
