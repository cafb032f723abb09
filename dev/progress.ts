import pc from 'picocolors';

const TICK_MS = 1_000;
/** Where lines cannot be rewritten, a long step says this often that it is alive. */
const HEARTBEAT_TICKS = 15;

/** Runs a step of work; `note` says where in it the work is. */
type Step = <T>(label: string, work: (note: (text: string) => void) => Promise<T>) => Promise<T>;

export interface Progress {
  step: Step;
  line(text: string): void;
}

/** Says on stderr what is being done, for how long, and when it is done. */
export function createProgress(stream: NodeJS.WriteStream = process.stderr): Progress {
  const canRewrite = stream.isTTY;
  const line = (text: string) => void stream.write(`${text}\n`);
  const rewrite = (text: string) => void stream.write(`\r\u001B[2K${text}`);

  async function step<T>(label: string, work: (note: (text: string) => void) => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    const seconds = () => (performance.now() - startedAt) / 1000;
    let detail = '';
    const show = () => {
      const text = `${pc.cyan('·')} ${label} … ${pc.dim(`${seconds().toFixed(0)} s ${detail}`)}`;
      if (canRewrite) rewrite(text);
      else line(text);
    };
    let ticks = 0;
    const timer = setInterval(() => {
      ticks++;
      if (canRewrite || ticks % HEARTBEAT_TICKS === 0) show();
    }, TICK_MS);
    if (canRewrite) rewrite(`${pc.cyan('·')} ${label} …`);
    else line(`· ${label} …`);
    try {
      const result = await work((text) => {
        detail = text;
      });
      const text = `${pc.green('✔')} ${label} ${pc.dim(`(${seconds().toFixed(1)} s)`)}`;
      if (canRewrite) rewrite(`${text}\n`);
      else line(text);
      return result;
    } catch (error) {
      if (canRewrite) rewrite(`${pc.red('✘')} ${label}\n`);
      else line(`✘ ${label}`);
      throw error;
    } finally {
      clearInterval(timer);
    }
  }

  return { step, line };
}
