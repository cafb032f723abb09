import { setTimeout as sleep } from 'node:timers/promises';
import { createAlmanacClient } from '../../client/almanac-client.ts';
import type { Progress } from '../../dev/progress.ts';
import { checkChangeLog } from './change-log.ts';
import { compareWithGoogle } from './comparison.ts';
import { Consumer } from './consumer.ts';
import { Dice } from './dice.ts';
import { Follower } from './follower.ts';
import { Faults } from './google-faults.ts';
import { Historian } from './historian.ts';
import { Kills } from './kills.ts';
import { scanForLeaks } from './leaks.ts';
import { connectAgain, settle, syncOnceMore } from './quiet.ts';
import { Reader } from './reader.ts';
import type { ChaosReport } from './report.ts';
import type { ChaosStack } from './stack.ts';
import { Tally } from './tally.ts';
import { Ticks } from './ticks.ts';
import { Town } from './town.ts';
import { TownEditor } from './town-editor.ts';
import { WriteFaults } from './write-faults.ts';
import { sumOf, Writer, type Writers } from './writer.ts';

const MINUTE_MS = 60_000;
/** Pauses between what one actor does, shortest and longest. */
const PAUSES_MS = {
  edits: [5, 60],
  faults: [200, 1_200],
  workerKills: [1_000, 6_000],
  serverKills: [4_000, 12_000],
  requests: [200, 1_500],
  writes: [5, 150],
  writeFaults: [50, 700],
};
/** Workspaces whose callers write, and how many of them do so at the same time. */
const WRITERS = 4;
const CALLERS_PER_WRITER = 3;

export interface ChaosOptions {
  seed: number;
  minutes: number;
  workspaces: number;
}

/**
 * Does one thing after another until stopped. Failures are expected, because other processes are being
 * killed.
 */
async function repeat(
  pauses: readonly number[],
  dice: Dice,
  stop: AbortSignal,
  act: () => Promise<void>,
): Promise<number> {
  const [shortest = 0, longest = 0] = pauses;
  let failed = 0;
  while (!stop.aborted) {
    await act().catch(() => (failed += 1));
    await sleep(dice.between(shortest, longest));
  }
  return failed;
}

async function runsBySource({ database }: ChaosStack): Promise<Record<string, number>> {
  const groups = await database.workspaceCalendarSyncLog.groupBy({ by: ['source'], _count: true });
  return Object.fromEntries(groups.map(({ source, _count }) => [source, _count]));
}

/** Makes chaos for a while, then silence, and compares. */
export async function runChaos(
  stack: ChaosStack,
  { seed, minutes, workspaces }: ChaosOptions,
  progress: Progress,
  interrupted: AbortSignal,
): Promise<ChaosReport> {
  const tallies = {
    edits: new Tally(),
    faults: new Tally(),
    kills: new Tally(),
    requests: new Tally(),
    writes: new Tally(),
  };
  const town = new Town(stack, new Dice(seed, 0));
  await progress.step(`Settling ${workspaces} workspaces`, () => town.settle(workspaces));
  const writers: Writers[] = [];
  for (let count = 1; count <= WRITERS; count += 1) writers.push(await town.settleWriters(count));

  const almanac = createAlmanacClient(stack);
  const reader = new Reader(stack.database, town);
  const follower = new Follower(stack.database, town);
  const consumer = new Consumer(stack, new Dice(seed, 9));
  await consumer.subscribe();
  const historian = new Historian(stack.database, town, new Dice(seed, 6));
  const editor = new TownEditor(stack, town, new Dice(seed, 1), tallies.edits);
  const faults = new Faults(stack, town, new Dice(seed, 2), tallies.faults);
  const [workerKills, serverKills] = [3, 4].map(
    (actor) => new Kills(stack, new Dice(seed, actor), tallies.kills, (kill) => reader.awaitRecovery(kill)),
  ) as [Kills, Kills];
  const allWriters = writers.map(
    (one, index) => new Writer(stack, one, new Dice(seed + index, 7), tallies.writes),
  );
  const written = writers.flatMap(({ calendars }) => calendars);
  const writeFaults = new WriteFaults(stack, written, new Dice(seed, 8), tallies.faults);
  const ticks = new Ticks(stack.temporal, almanac, town, new Dice(seed, 5), tallies.requests);

  // Not AbortSignal.timeout: Node 20 may collect the signal before it fires.
  const timeIsUp = new AbortController();
  const alarm = setTimeout(() => timeIsUp.abort(), minutes * MINUTE_MS);
  const over = AbortSignal.any([interrupted, timeIsUp.signal]);
  const stopReading = new AbortController();
  const readers = AbortSignal.any([interrupted, stopReading.signal]);
  const reading = Promise.all([reader.run(readers), follower.run(readers), historian.run(readers)]);
  const pace = (actor: number) => new Dice(seed, 8 + actor);
  const failedActs = await progress.step(`Chaos for ${minutes} min (seed ${seed})`, (note) => {
    const timer = setInterval(
      () =>
        note(`${tallies.edits.total} edits, ${tallies.writes.total} writes, ${tallies.kills.total} kills`),
      1_000,
    );
    return Promise.all([
      repeat(PAUSES_MS.edits, pace(1), over, () => editor.edit()),
      repeat(PAUSES_MS.faults, pace(2), over, () => faults.strike()),
      repeat(PAUSES_MS.workerKills, pace(3), over, () => workerKills.strikeWorkers()),
      repeat(PAUSES_MS.serverKills, pace(4), over, () => serverKills.strikeServers()),
      repeat(PAUSES_MS.requests, pace(5), over, () => ticks.tick()),
      repeat(PAUSES_MS.writeFaults, pace(7), over, () => writeFaults.strike()),
      ...allWriters.flatMap((writer) =>
        Array.from({ length: CALLERS_PER_WRITER }, () =>
          repeat(PAUSES_MS.writes, pace(6), over, () => writer.write(over)),
        ),
      ),
    ]).finally(() => {
      clearInterval(timer);
      clearTimeout(alarm);
    });
  });
  interrupted.throwIfAborted();

  await faults.end();
  await workerKills.end();
  const settledMs = await progress.step('Waiting until everything that was begun has ended', () =>
    settle(stack, interrupted),
  );
  const connectedAgain = await connectAgain(stack, town);
  await progress.step('Asking again for writes without an answer', async () => {
    for (const writer of allWriters) await writer.finish();
  });
  const failedSyncs = await progress.step('One more sync of every workspace', () =>
    syncOnceMore(stack, almanac, town),
  );
  stopReading.abort();
  await reading;

  return progress.step('Comparing', async () => {
    const delivered = await consumer.compare();
    const scan = await scanForLeaks(stack);
    const changeLog = await checkChangeLog(stack.database, town);
    changeLog.errors.push(...(await follower.compare()), ...(await historian.compare()), ...delivered);
    const { postgres, temporalServer, api, workers } = stack;
    const ownExits = [postgres, temporalServer, api, ...workers.map((one) => one.process)];
    return {
      seed,
      minutes,
      workspaces,
      accounts: town.citizens.length,
      edits: tallies.edits,
      faults: tallies.faults,
      kills: tallies.kills,
      requests: tallies.requests,
      writes: tallies.writes,
      written: sumOf(await Promise.all(allWriters.map((writer) => writer.compare()))),
      failedActs: failedActs.reduce((sum, failed) => sum + failed, 0),
      comparison: await compareWithGoogle(stack.database, stack.googleUrl, town),
      changeLog,
      followedChanges: follower.changes,
      deliveries: consumer.stored,
      repeatedDeliveries: consumer.repeated,
      photographs: historian.count,
      looks: reader.looks,
      guardedCalendars: reader.guarded.size,
      gaps: reader.gaps,
      ...scan,
      runsBySource: await runsBySource(stack),
      failedSyncs,
      connectedAgain,
      openDeadLetters: await stack.database.deadLetter.findMany({
        where: { status: 'open' },
        select: { id: true, operation: true, failureType: true },
      }),
      ownExits: ownExits.flatMap((process) => process.ownExits),
      longestRecovery: reader.longestRecovery,
      unrecovered: reader.unrecovered,
      settledMs,
    };
  });
}
