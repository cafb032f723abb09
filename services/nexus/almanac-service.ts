import { operation, service } from 'nexus-rpc';
import type { PlanResult } from '../../contracts/plan-result.ts';
import type { SyncResult } from '../../contracts/sync-result.ts';
import type { WriteCounts } from '../../contracts/writing.ts';
import type { Availability } from '../availability/availability-answer.ts';
import type { AvailabilityInput } from '../availability/availability-input.ts';
import type { WriteOutcome } from '../writing/read-writes.ts';
import type { NexusPlanInput, NexusSyncInput, NexusWriteInput, NexusWriteOutcomeInput } from './inputs.ts';

/**
 * What workflows of other namespaces can ask of Almanac, by a Nexus endpoint that leads to its namespace and the
 * task queue `calendar-sync`. Inputs and results are additive for ever. A caller's history holds both, so
 * `writeEvent` puts the content of the event there; Almanac's histories hold none.
 */
export const almanacService = service('almanac', {
  /** A sync of the workspace that has begun after the call, or that has pulled once more since. */
  syncWorkspace: operation<NexusSyncInput, SyncResult>(),
  /** Fails with `busy` while a planning run of the workspace is in progress. */
  planWorkspace: operation<NexusPlanInput, PlanResult>(),
  /** Busy times and slots, without titles. Answers at once. */
  availability: operation<AvailabilityInput, Availability>(),
  /** One write, made once per `requestId`. Ends when Google has confirmed it and the mirror shows it. */
  writeEvent: operation<NexusWriteInput, WriteCounts>(),
  /** Outcome of a write by its `requestId`. Answers at once. */
  writeOutcome: operation<NexusWriteOutcomeInput, WriteOutcome>(),
});
