// Runs a native program. When stdin closes, the process that started it has ended, even by SIGKILL: the
// program is stopped. Plain JavaScript, so that tests run it from the sources.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

const { command, args, cwd, uid, gid, logFile, stopSignal, graceMs } = JSON.parse(process.argv[2]);

const log = openSync(logFile, 'a');
const child = spawn(command, args, { cwd, uid, gid, stdio: ['ignore', log, log] });

/** The reader may have ended, hence the error handler below. */
function report(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
process.stdout.on('error', () => {});

let isStopping = false;
function stop() {
  if (isStopping) return;
  isStopping = true;
  child.kill(stopSignal);
  setTimeout(() => child.kill('SIGKILL'), graceMs).unref();
}

child.on('spawn', () => report({ pid: child.pid }));
child.on('error', (error) => {
  report({ error: error.message });
  process.exitCode = 127;
  process.stdin.destroy();
});
child.on('exit', (code, signal) => {
  report({ code, signal });
  process.exitCode = code ?? 1;
  process.stdin.destroy();
});

process.stdin.on('close', stop).resume();
process.stdin.on('error', stop);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop);
