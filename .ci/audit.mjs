// Asks the registry for advisories on the packages of package-lock.json. Exit code 0: every advisory is
// explained in audit-allowed.json; 1: some are not; 3: the registry answers no audits.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

const EXIT_OTHERS = 1;
const EXIT_NOT_ASKED = 3;

/** HTTP statuses of a registry without the audit endpoint. Any other error is a failure. */
const NO_ENDPOINT = [404, 405, 501];
const NO_NETWORK = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)\b/;

const MAX_REPORT_BYTES = 64 * 2 ** 20;

/** `[{advisory: "GHSA-…", reason: "…", until: "2027-01-31"}]`; the entry expires after `until`. */
const allowedFile = process.argv[2] ?? new URL('audit-allowed.json', import.meta.url);
const allowed = JSON.parse(readFileSync(allowedFile, 'utf8'));

function npmAudit() {
  return new Promise((resolve) => {
    execFile('npm', ['audit', '--json'], { maxBuffer: MAX_REPORT_BYTES }, (_error, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
}

function parseReport({ stdout, stderr }) {
  try {
    return JSON.parse(stdout);
  } catch {
    console.error(`npm audit printed no JSON: ${stderr.trim().split('\n').at(-1)}`);
    process.exit(EXIT_OTHERS);
  }
}

function exitWithoutAnswer({ statusCode, message = '' }) {
  const why = statusCode ?? NO_NETWORK.exec(message)?.[0] ?? 'no answer';
  if (NO_ENDPOINT.includes(why) || NO_NETWORK.test(why)) {
    console.log(`NOT AUDITED: npm's registry does not answer audits (${why}), so advisories are unknown.`);
    process.exit(EXIT_NOT_ASKED);
  }
  console.error(`npm audit failed (${why}).`);
  process.exit(EXIT_OTHERS);
}

const report = parseReport(await npmAudit());
if (report.vulnerabilities === undefined) exitWithoutAnswer(report);

/** One entry per advisory. A package that only depends on a vulnerable one names it as a string. */
const found = new Map();
for (const { via } of Object.values(report.vulnerabilities)) {
  for (const advisory of via.filter((cause) => typeof cause === 'object'))
    found.set(advisory.url.split('/').at(-1), advisory);
}

const today = new Date().toISOString().slice(0, 10);
let others = 0;
for (const [id, { name, severity, title }] of found) {
  const explained = allowed.find(({ advisory, until }) => advisory === id && until >= today);
  if (explained === undefined) others += 1;
  const judgement =
    explained === undefined ? 'NOT EXPLAINED' : `allowed until ${explained.until}: ${explained.reason}`;
  console.log(`${id} (${severity}) ${name}: ${title} — ${judgement}`);
}
for (const { advisory } of allowed.filter((entry) => !found.has(entry.advisory)))
  console.log(`${advisory} is allowed, but no package has it: remove it from the list.`);

const { total } = report.metadata.dependencies;
console.log(`${total} packages, ${found.size} advisories, ${others} of them not explained.`);
process.exitCode = others === 0 ? 0 : EXIT_OTHERS;
