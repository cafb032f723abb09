import pc from 'picocolors';

const TICK_MS = 1_000;
/** Interval of a long step's progress lines where a line cannot be rewritten. */
const HEARTBEAT_TICKS = 15;

/** Runs a step of work. `note` sets the detail shown beside its label. */
type Step = <T>(label: string, work: (note: (text: string) => void) => Promise<T>) => Promise<T>;

export interface Progress {
  step: Step;
  line(text: string): void;
}

/** Reports each step on stderr: its label, its running time and its end. */
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
