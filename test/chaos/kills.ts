import type { Dice } from './dice.ts';
import type { ChaosStack, ChaosWorker } from './stack.ts';
import type { Tally } from './tally.ts';

const LONGEST_AWAY_MS = 3_000;
const NO_GRACE_MS = 15_000;
/** Longer than a worker gives its activities, and their heartbeats. */
const WORKER_GRACE_MS = 20_000;
const SERVER_GRACE_MS = 20_000;
/** Longer than the heartbeat time-out: Temporal gives the frozen worker's activities to the other one. */
const FROZEN_MS = 18_000;
const HOUR_MS = 3_600_000;
const CLOCK_OFFSETS_MS = [1 / 6, 2, 26, 200 * 24].flatMap((hours) => [-hours * HOUR_MS, hours * HOUR_MS]);

interface Kill {
  name: string;
  weight: number;
  kill: () => Promise<unknown>;
}

/**
 * Ends processes and brings them back: one server at a time, and beside that one thing at a time with the
 * workers.
 */
export class Kills {
  private readonly stack: ChaosStack;
  private readonly dice: Dice;
  private readonly tally: Tally;
  /** Notified of every process that ends. */
  private readonly onKill: (name: string) => void;

  constructor(stack: ChaosStack, dice: Dice, tally: Tally, onKill: (name: string) => void) {
    this.stack = stack;
    this.dice = dice;
    this.tally = tally;
    this.onKill = onKill;
  }

  private readonly workerKills: readonly Kill[] = [
    { name: 'worker killed', weight: 10, kill: () => this.killWorker(this.worker()) },
    { name: 'both workers killed', weight: 3, kill: () => this.killBothWorkers() },
    { name: 'worker restarted', weight: 2, kill: () => this.restartWorker() },
    { name: 'worker started with a wrong clock', weight: 3, kill: () => this.shiftClock() },
    { name: 'Temporal with a wrong clock has dated runs', weight: 3, kill: () => this.misdateRuns() },
    { name: 'worker frozen', weight: 1, kill: () => this.worker().process.freeze(FROZEN_MS) },
  ];

  private readonly serverKills: readonly Kill[] = [
    { name: 'Postgres killed', weight: 4, kill: () => this.restart('postgres', 'SIGKILL') },
    { name: 'Postgres restarted', weight: 3, kill: () => this.restart('postgres', 'SIGINT') },
    { name: 'API killed', weight: 2, kill: () => this.restart('api', 'SIGKILL') },
    { name: 'Temporal killed', weight: 4, kill: () => this.restart('temporalServer', 'SIGKILL') },
  ];

  async strikeWorkers(): Promise<void> {
    await this.strike(this.workerKills);
  }

  async strikeServers(): Promise<void> {
    await this.strike(this.serverKills);
  }

  private async strike(kills: readonly Kill[]): Promise<void> {
    const { name, kill } = this.dice.weighted(kills);
    this.tally.add(name);
    this.onKill(name);
    await kill();
  }

  /** Every worker runs, by the right clock. */
  async end(): Promise<void> {
    for (const worker of this.stack.workers) {
      if (worker.clockOffsetMs === 0) continue;
      worker.clockOffsetMs = 0;
      await worker.process.restart('SIGTERM', 0, WORKER_GRACE_MS);
    }
  }

  private worker(): ChaosWorker {
    return this.dice.pick(this.stack.workers);
  }

  private awayMs(): number {
    return this.dice.chance(0.5) ? 0 : this.dice.between(0, LONGEST_AWAY_MS);
  }

  private killWorker({ process }: ChaosWorker): Promise<void> {
    return process.restart('SIGKILL', this.awayMs(), NO_GRACE_MS);
  }

  private async killBothWorkers(): Promise<void> {
    await Promise.all(this.stack.workers.map((worker) => this.killWorker(worker)));
  }

  private async restartWorker(): Promise<void> {
    await this.worker().process.restart('SIGTERM', 0, WORKER_GRACE_MS);
  }

  private async shiftClock(): Promise<void> {
    const worker = this.worker();
    worker.clockOffsetMs = worker.clockOffsetMs === 0 ? this.dice.pick(CLOCK_OFFSETS_MS) : 0;
    await this.killWorker(worker);
  }

  /** Traces of runs dated by a server with a wrong clock: the clock of a Go program cannot be set here. */
  private async misdateRuns(): Promise<void> {
    await this.stack.database.$executeRaw`
      update calendar_sync_states
      set fence_run_at = fence_run_at + ${this.dice.pick(CLOCK_OFFSETS_MS)}::float8 * interval '1 millisecond'`;
  }

  private async restart(
    server: 'postgres' | 'temporalServer' | 'api',
    signal: NodeJS.Signals,
  ): Promise<void> {
    await this.stack[server].restart(signal, this.awayMs(), SERVER_GRACE_MS);
  }
}
