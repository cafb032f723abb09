import { type OperationHandler, type ServiceHandler, serviceHandler } from 'nexus-rpc';
import type { Database } from '../../prisma/client.ts';
import { findAvailability } from '../../services/availability/find-availability.ts';
import { availabilityInput } from '../../services/availability/availability-input.ts';
import { derivedId } from '../../services/derived-id.ts';
import { NotFoundError } from '../../services/errors.ts';
import { almanacService } from '../../services/nexus/almanac-service.ts';
import { nexusWriteOutcomeSchema, parseNexusInput } from '../../services/nexus/inputs.ts';
import { readWrites } from '../../services/writing/read-writes.ts';
import { planWorkspaceOperation } from './plan-workspace.ts';
import { syncWorkspaceOperation } from './sync-workspace.ts';
import { toNexusError } from './to-nexus-error.ts';
import { writeEventOperation } from './write-event.ts';

/** The Nexus service `almanac`. Access is by endpoint: its allowed namespaces may ask for every workspace. */
export function createNexusService(database: Database): ServiceHandler {
  return serviceHandler(almanacService, {
    syncWorkspace: guarded(syncWorkspaceOperation(database)),
    planWorkspace: guarded(planWorkspaceOperation(database)),
    writeEvent: guarded(writeEventOperation(database)),
    availability: answering(async (input) =>
      findAvailability(database, parseNexusInput(availabilityInput, input)),
    ),
    writeOutcome: answering(async (input) => {
      const { workspaceId, requestId } = parseNexusInput(nexusWriteOutcomeSchema, input);
      const [outcome] = await readWrites(database, workspaceId, derivedId(workspaceId, requestId));
      if (outcome === undefined) throw new NotFoundError('There is no such write.');
      return outcome;
    }),
  });
}

function answering<Input, Output>(answer: (input: Input) => Promise<Output>) {
  return async (_context: unknown, input: Input): Promise<Output> => {
    try {
      return await answer(input);
    } catch (error) {
      throw toNexusError(error);
    }
  };
}

function guarded<Input, Output>(handler: OperationHandler<Input, Output>): OperationHandler<Input, Output> {
  return {
    async start(context, input) {
      try {
        return await handler.start(context, input);
      } catch (error) {
        throw toNexusError(error);
      }
    },
    cancel: (context, token) => handler.cancel(context, token),
  };
}
