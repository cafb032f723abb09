import { setTimeout as sleep } from 'node:timers/promises';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { EmulatorState } from '../state/emulator-state.ts';
import { createRandom, type Random } from '../state/random.ts';
import type { Channel } from './channel.ts';
import { deliver, type Notification } from './deliver.ts';

/** Longest time that a notification is held back for reordering. */
const REORDER_HOLD_MS = 250;

/** Open channels and their outgoing notifications. */
export class ChannelBook {
  private readonly channels = new Map<string, Channel>();
  private readonly usedIds = new Set<string>();
  private readonly held = new Map<string, Notification>();
  private readonly random: Random;
  private readonly state: EmulatorState;
  private readonly abort = new AbortController();

  constructor(state: EmulatorState) {
    this.state = state;
    this.random = createRandom(state.seed + 1);
    state.on('changed', (store) => this.announce(store));
  }

  isUsed(clientId: string, id: string): boolean {
    return this.usedIds.has(`${clientId} ${id}`);
  }

  open(channel: Channel): void {
    this.channels.set(channel.id, channel);
    this.usedIds.add(`${channel.clientId} ${channel.id}`);
    this.send(channel, 'sync');
  }

  /** Ends a channel; false if no such channel exists. */
  stop(id: string, resourceId: string, email: string): boolean {
    const channel = this.channels.get(id);
    if (!channel || channel.resourceId !== resourceId || channel.email !== email) return false;
    this.channels.delete(id);
    return true;
  }

  list(): Channel[] {
    return [...this.channels.values()];
  }

  clear(): void {
    this.channels.clear();
    this.usedIds.clear();
    this.held.clear();
  }

  close(): void {
    this.clear();
    this.abort.abort();
  }

  private announce(store: CalendarStore): void {
    const nowMs = this.state.nowMs();
    for (const channel of this.channels.values()) {
      if (channel.expirationMs <= nowMs) this.channels.delete(channel.id);
      else if (channel.calendarId === store.meta.id) this.send(channel, 'exists');
    }
  }

  private send(channel: Channel, resourceState: Notification['resourceState']): void {
    // Message numbers increase with gaps, as Google's do.
    channel.messageNumber += resourceState === 'sync' ? 1 : this.random.integer(1, 3);
    const notification = { channel: { ...channel }, resourceState, messageNumber: channel.messageNumber };
    const { drop, duplicate, reorder } = this.state.knobs.push;
    if (resourceState !== 'sync' && this.random.next() < drop) return;
    const copies = duplicate ? [notification, notification] : [notification];
    if (!reorder || resourceState === 'sync') {
      for (const copy of copies) this.post(copy);
      return;
    }
    const earlier = this.held.get(channel.id);
    if (earlier) {
      this.held.delete(channel.id);
      for (const copy of [...copies, earlier]) this.post(copy);
      return;
    }
    this.held.set(channel.id, notification);
    const timer = setTimeout(() => {
      if (this.held.get(channel.id) !== notification) return;
      this.held.delete(channel.id);
      this.post(notification);
    }, REORDER_HOLD_MS);
    timer.unref();
  }

  private queue: Promise<void> = Promise.resolve();

  /** Sends notifications one after another, so that their order is deterministic. */
  private post(notification: Notification): void {
    const { delayMs } = this.state.knobs.push;
    const postNext = async () => {
      try {
        if (delayMs > 0) await sleep(delayMs, undefined, { signal: this.abort.signal });
        await deliver(notification, this.abort.signal);
      } catch {
        // A receiver that is down loses the notification. Google also gives up: push is a hint.
      }
    };
    this.queue = this.queue.then(postNext);
  }
}
