import type { WebhookPayload } from '../../contracts/delivery.ts';
import type { ChangeCursor } from '../reading/change-cursor.ts';

export interface Filter {
  types: readonly string[];
  /** Empty: all. */
  calendarIds: readonly string[];
  /** Changes of occurrences pass that start within so many days. */
  occurrenceDays: number;
  payload: WebhookPayload;
}

/** A change that is delivered. */
export interface DeliveredChange {
  position: number;
  changedAt: string;
  /** As the delivery has it, JSON. */
  entry: string;
}

/** Next changes of a log of a workspace. */
export interface Batch {
  /** Those that the filter lets pass. */
  changes: DeliveredChange[];
  /** End of what was read, whether it passes or not. */
  cursor: ChangeCursor;
}

/** Where a batch begins, and the last position of a delivery that is repeated. */
export interface BatchStart {
  workspaceId: string;
  cursor: ChangeCursor;
  through: number | null;
}
