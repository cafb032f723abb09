import type { EmulatorAdmin } from '../admin.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import type { EmulatorState } from '../state/emulator-state.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import { AdminInputError } from './checked.ts';

type KnobOperations = Pick<
  EmulatorAdmin,
  | 'expireSyncTokens'
  | 'killPageTokens'
  | 'addFault'
  | 'clearFaults'
  | 'setQuota'
  | 'setPageShape'
  | 'setPush'
  | 'setClock'
  | 'reset'
>;

/** Operations that make the emulator misbehave, and that undo it. */
export function knobOperations(context: EmulatorContext): KnobOperations {
  const { state, faults, quota, tokens, channels, requests } = context;
  return {
    async expireSyncTokens(calendarId) {
      for (const store of chosen(state, calendarId)) store.tokenEpoch += 1;
      if (calendarId === undefined) for (const user of state.users.values()) user.listEpoch += 1;
      state.emit('dirty');
    },
    async killPageTokens(calendarId) {
      for (const store of chosen(state, calendarId)) store.pageEpoch += 1;
    },
    async addFault(fault) {
      faults.add(fault);
    },
    async clearFaults() {
      faults.clear();
    },
    async setQuota(limits) {
      state.knobs.quota = limits;
      quota.clear();
    },
    async setPageShape(shape) {
      state.knobs.page = { ...state.knobs.page, ...shape };
    },
    async setPush(shape) {
      const drop = shape.drop === undefined ? state.knobs.push.drop : Number(shape.drop);
      state.knobs.push = { ...state.knobs.push, ...shape, drop };
    },
    async setClock({ offsetSeconds }) {
      state.clockOffsetMs = offsetSeconds * 1000;
    },
    async reset() {
      faults.clear();
      quota.clear();
      tokens.clear();
      channels.clear();
      requests.clear();
      state.clear();
    },
  };
}

function chosen(state: EmulatorState, calendarId: string | undefined): CalendarStore[] {
  if (calendarId === undefined) return [...state.calendars.values()];
  const store = state.calendars.get(calendarId);
  if (!store) throw new AdminInputError('The calendar does not exist.');
  return [store];
}
