import type { EmulatorAdmin } from '../admin.ts';
import { removeCalendar } from '../calendars/remove-calendar.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { DEFAULT_SCOPES } from '../oauth/scopes.ts';
import { DEFAULT_CLIENT_ID, DEFAULT_TIME_ZONE } from '../state/emulator-state.ts';
import { AdminInputError } from './checked.ts';

type UserOperations = Pick<
  EmulatorAdmin,
  'createUser' | 'createCalendar' | 'removeCalendar' | 'setAccessRole' | 'revokeGrant' | 'expireAccessTokens'
>;

/** Users, their calendars and their consent. */
export function userOperations({ state, tokens }: EmulatorContext): UserOperations {
  const userOf = (email: string) => {
    const user = state.users.get(email);
    if (!user) throw new AdminInputError('The user does not exist; create it with createUser.');
    return user;
  };
  return {
    async createUser({ email, refreshToken, timeZone = DEFAULT_TIME_ZONE, scopes = DEFAULT_SCOPES }) {
      if (
        refreshToken !== undefined &&
        state.grants.get(refreshToken)?.email !== email &&
        state.grants.has(refreshToken)
      ) {
        throw new AdminInputError('createUser: field refreshToken: belongs to another user.');
      }
      if (!state.users.has(email)) {
        const user = state.addUser(email);
        state.addCalendar({
          id: email,
          ownerEmail: email,
          summary: email,
          timeZone,
          pushSupported: true,
          primary: true,
        });
        state.setEntry(user, email, { accessRole: 'owner', primary: true });
      }
      const grant = tokens.addGrant({ email, clientId: DEFAULT_CLIENT_ID, scopes, refreshToken });
      return { email, refreshToken: grant.refreshToken };
    },

    async createCalendar(email, input) {
      const user = userOf(email);
      const id = input.primary ? email : (input.id ?? `c_${state.newId()}@group.calendar.google.com`);
      const {
        summary,
        timeZone,
        accessRole = 'owner',
        hidden = false,
        pushSupported = true,
        primary = false,
      } = input;
      const existing = state.calendars.get(id);
      if (!existing) state.addCalendar({ id, ownerEmail: email, summary, timeZone, pushSupported, primary });
      else if (existing.removed)
        throw new AdminInputError('createCalendar: field id: names a removed calendar.');
      else if (existing.meta.ownerEmail === email) existing.changeMeta({ summary, timeZone, pushSupported });
      state.setEntry(user, id, { accessRole, hidden, deleted: false, ...(primary && { primary }) });
      return { id };
    },

    async removeCalendar(calendarId) {
      removeCalendar(state, calendarId);
    },

    async setAccessRole(email, calendarId, role) {
      const user = userOf(email);
      if (!state.calendars.has(calendarId))
        throw new AdminInputError('setAccessRole: the calendar does not exist.');
      if (role === 'none') state.setEntry(user, calendarId, { deleted: true });
      else state.setRole(user, calendarId, role);
    },

    async revokeGrant(email) {
      tokens.revokeUser(email);
    },

    async expireAccessTokens(email) {
      tokens.expireAccess(email);
    },
  };
}
