import type { GenerateInput, GeneratedWorkspace } from '../admin.ts';
import { ownerContext } from '../events/event-context.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { DEFAULT_SCOPES } from '../oauth/scopes.ts';
import { DEFAULT_CLIENT_ID } from '../state/emulator-state.ts';
import { createRandom } from '../state/random.ts';
import { generateEvents } from './generate-events.ts';

/** Zones with and without DST, one with half an hour of it, one far ahead of UTC. */
const DEFAULT_ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Asia/Tokyo',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'Pacific/Auckland',
  'Asia/Kolkata',
  'Europe/London',
];
const CALENDAR_NAMES = ['Team', 'Projects', 'Family', 'Travel', 'Training', 'On call'];

/** Generates users, each with a primary calendar, further calendars and events. */
export async function generateWorkspaces(
  { state, tokens }: EmulatorContext,
  input: GenerateInput,
): Promise<GeneratedWorkspace[]> {
  const { workspaces, calendarsPerWorkspace, eventsPerCalendar, recurringShare } = input;
  const { seed = state.seed, timeZones = DEFAULT_ZONES, emailPrefix = 'workspace' } = input;
  const random = createRandom(seed);
  const aroundMs = input.around === undefined ? state.nowMs() : Date.parse(input.around);
  const generated: GeneratedWorkspace[] = [];
  for (let n = 1; n <= workspaces; n++) {
    const email = `${emailPrefix}-${n}@example.com`;
    const timeZone = timeZones[(n - 1) % timeZones.length]!;
    const user = state.users.get(email) ?? state.addUser(email);
    const calendars: string[] = [];
    for (let c = 0; c < calendarsPerWorkspace; c++) {
      const primary = c === 0;
      const id = primary ? email : `c_${random.id(26)}@group.calendar.google.com`;
      const summary = primary ? email : CALENDAR_NAMES[(c - 1) % CALENDAR_NAMES.length]!;
      if (!state.calendars.has(id)) {
        state.addCalendar({ id, ownerEmail: email, summary, timeZone, pushSupported: true, primary });
      }
      state.setEntry(user, id, { accessRole: 'owner', ...(primary && { primary }) });
      await generateEvents(ownerContext(state, id), random, {
        count: eventsPerCalendar,
        recurringShare,
        aroundMs,
      });
      calendars.push(id);
    }
    const grant = tokens.addGrant({ email, clientId: DEFAULT_CLIENT_ID, scopes: DEFAULT_SCOPES });
    generated.push({ email, refreshToken: grant.refreshToken, calendars });
  }
  return generated;
}
