/** Days of the month that is reckoned with. */
export const DAYS = 30;
const MILLION = 1_000_000;

/**
 * List price of a million actions in dollars, by what the account has used in the month:
 * https://docs.temporal.io/cloud/pricing#payg-action-pricing. Beyond 200 million the price is agreed upon; the
 * last one is taken.
 */
const TIERS = [
  { upTo: 5 * MILLION, dollars: 50 },
  { upTo: 10 * MILLION, dollars: 45 },
  { upTo: 20 * MILLION, dollars: 40 },
  { upTo: 50 * MILLION, dollars: 35 },
  { upTo: 100 * MILLION, dollars: 30 },
  { upTo: Infinity, dollars: 25 },
] as const;

/** Polls of a workspace a day: at every tick, and with a live push channel every six hours. */
export const POLLS_A_DAY = { polled: 96, pushed: 4 } as const;
/** A channel lives for seven days and is replaced after about six. */
const DAYS_OF_A_CHANNEL = 6;

/** Actions of one workspace each time. */
export interface WorkspaceActions {
  /** A poll that finds nothing. */
  poll: number;
  /** The daily refresh of its calendar list, on top of a poll. */
  list: number;
  /** A batch of changes that push has notified. */
  change: number;
  /** The replacement of its push channels. */
  channels: number;
  /** A plan that changes nothing. */
  plan: number;
}

/** Actions of one workspace a month, by how it is kept up to date. */
export interface WorkspaceMonth {
  polled: number;
  /** With push, and no change. */
  pushedAtRest: number;
  pushed: number;
  /** On top of one of the others. */
  planned: number;
}

export function monthOf(each: WorkspaceActions, changesADay: number): WorkspaceMonth {
  const pushedAtRest =
    DAYS * (POLLS_A_DAY.pushed * each.poll + each.list) + (DAYS / DAYS_OF_A_CHANNEL) * each.channels;
  return {
    polled: DAYS * (POLLS_A_DAY.polled * each.poll + each.list),
    pushedAtRest,
    pushed: pushedAtRest + DAYS * changesADay * each.change,
    planned: DAYS * 4 * each.plan,
  };
}

/** Dollars of so many actions in one month, without those that a plan includes. */
export function dollarsOf(actions: number): number {
  let dollars = 0;
  let from = 0;
  for (const { upTo, dollars: price } of TIERS) {
    dollars += (Math.max(0, Math.min(actions, upTo) - from) / MILLION) * price;
    from = upTo;
  }
  return dollars;
}

/** Starts a day of a cron expression whose minutes and hours are a number, `*`, or either with a step. */
export function startsADay(cron: string): number {
  const [minutes = '', hours = '', ...rest] = cron.split(' ');
  if (rest.join(' ') !== '* * *') throw new Error(`${cron} is not a daily expression.`);
  return timesOf(minutes, 60) * timesOf(hours, 24);
}

function timesOf(field: string, size: number): number {
  const match = /^(?:\*|(?<from>\d+)(?:-(?<to>\d+))?)(?:\/(?<step>\d+))?$/.exec(field)?.groups;
  if (match === undefined) throw new Error(`${field} is not understood.`);
  const { from, to, step } = match;
  if (from !== undefined && to === undefined && step === undefined) return 1;
  const first = Number(from ?? 0);
  const last = to === undefined ? size - 1 : Number(to);
  return Math.floor((last - first) / Number(step ?? 1)) + 1;
}
