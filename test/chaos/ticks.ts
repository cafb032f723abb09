import type { Client } from '@temporalio/client';
import type { AlmanacClient } from '../../client/almanac-client.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { Dice } from './dice.ts';
import type { Tally } from './tally.ts';
import type { Town } from './town.ts';

/** Requests syncs as schedules, pushes and people do. A failed request is repeated later. */
export class Ticks {
  private readonly almanac: AlmanacClient;
  private readonly temporal: Client;
  private readonly town: Town;
  private readonly dice: Dice;
  private readonly tally: Tally;

  constructor(temporal: Client, almanac: AlmanacClient, town: Town, dice: Dice, tally: Tally) {
    this.temporal = temporal;
    this.almanac = almanac;
    this.town = town;
    this.dice = dice;
    this.tally = tally;
  }

  private readonly ticks: { name: string; weight: number; ask: () => Promise<unknown> }[] = [
    { name: 'incremental sync', weight: 10, ask: () => this.sync('incremental') },
    { name: 'full sync', weight: 3, ask: () => this.sync('full') },
    { name: 'the same request, three times', weight: 2, ask: () => this.syncThrice() },
    { name: 'upkeep of push channels', weight: 4, ask: () => this.maintainChannels() },
    { name: 'fan-out', weight: 3, ask: () => this.almanac.syncAll({ all: true }) },
  ];

  async tick(): Promise<void> {
    const { name, ask } = this.dice.weighted(this.ticks);
    await ask();
    this.tally.add(name);
  }

  private sync(mode: 'incremental' | 'full') {
    return this.almanac.requestSync({ workspaceId: this.dice.pick(this.town.workspaceIds), mode });
  }

  private maintainChannels() {
    return this.temporal.workflow.start(WorkflowType.maintainWatchChannels, {
      workflowId: 'chaos/push-channels',
      taskQueue: TaskQueue.calendarSync,
      args: [{}],
    });
  }

  /** As pushes come: twice, and at the same time. */
  private async syncThrice(): Promise<void> {
    const workspaceId = this.dice.pick(this.town.workspaceIds);
    const ask = () => this.almanac.requestSync({ workspaceId, source: 'push' });
    await Promise.all([ask(), ask(), ask()]);
  }
}
