import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** A process that answers each JSON line on its stdin by one on its stdout, in order. */
export interface LineProcess {
  pid: number;
  /** Rejects with the process's `error` answer, or with its last output if it has ended. */
  ask<Answer extends object>(command: object): Promise<Answer>;
  kill(): Promise<void>;
  /** Ends the process in an orderly way. */
  close(): Promise<void>;
}

export function startLineProcess(name: string, command: string, args: readonly string[]): LineProcess {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  // Writing to an ended process is reported as its end below.
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close');
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  return {
    pid: child.pid ?? 0,
    async ask<Answer extends object>(question: object): Promise<Answer> {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`${name} has ended: ${complaints.join('')}`);
      const answer = JSON.parse(value) as Answer | { error: string };
      if ('error' in answer) throw new Error(`${name}: ${answer.error}`);
      return answer;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async close() {
      child.stdin.end();
      await ended;
    },
  };
}
