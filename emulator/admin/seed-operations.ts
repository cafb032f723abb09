import type { EmulatorAdmin } from '../admin.ts';
import { ownerContext } from '../events/event-context.ts';
import { generateEvents } from '../generate/generate-events.ts';
import { generateWorkspaces } from '../generate/generate-workspaces.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { importIcs } from '../ics/import-ics.ts';
import { createRandom } from '../state/random.ts';
import { AdminInputError } from './checked.ts';

type SeedOperations = Pick<EmulatorAdmin, 'importIcs' | 'generate' | 'generateEvents'>;

/** Operations that fill calendars. */
export function seedOperations(context: EmulatorContext): SeedOperations {
  const { state } = context;
  return {
    async importIcs(email, calendarId, icsText) {
      const access = state.access(email, calendarId);
      if (!access) throw new AdminInputError('importIcs: the user has no such calendar.');
      return { events: importIcs(ownerContext(state, access.store.meta.id), icsText) };
    },
    async generate(input) {
      return generateWorkspaces(context, input);
    },
    async generateEvents(calendarId, { count, recurringShare, seed = state.seed, around, mark }) {
      const owner = ownerContext(state, calendarId);
      const aroundMs = around === undefined ? state.nowMs() : Date.parse(around);
      const options = { count, recurringShare, aroundMs, mark };
      return { events: await generateEvents(owner, createRandom(seed), options) };
    },
  };
}
