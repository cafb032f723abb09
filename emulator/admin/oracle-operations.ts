import type { EmulatorAdmin } from '../admin.ts';
import { occurrencesBetween } from '../calendars/occurrences.ts';
import { ownerContext } from '../events/event-context.ts';
import { viewOf } from '../events/list-events.ts';
import { fullListing } from '../events/list-sources.ts';
import { parseListQuery } from '../events/list-query.ts';
import { renderResource } from '../events/view.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import type { EventResource } from '../state/types.ts';
import { AdminInputError } from './checked.ts';

type OracleOperations = Pick<
  EmulatorAdmin,
  'listEvents' | 'listOccurrences' | 'calendars' | 'channels' | 'mails' | 'requests' | 'requestCounts'
>;

/** The expected state, for tests to compare with. */
export function oracleOperations({ state, channels, requests }: EmulatorContext): OracleOperations {
  return {
    async listEvents(calendarId) {
      const context = ownerContext(state, calendarId);
      const query = parseListQuery({});
      const view = viewOf(context, query);
      const events: EventResource[] = [];
      for (const { version, hidden } of fullListing(context.store, query, context.store.seq, 0)) {
        if (!hidden) events.push(JSON.parse(renderResource(version.resource, view)));
      }
      return events;
    },
    async listOccurrences(calendarId, from, to) {
      const { store } = ownerContext(state, calendarId);
      return occurrencesBetween(store, Date.parse(from), Date.parse(to));
    },
    async calendars(email) {
      const user = state.users.get(email);
      if (!user) throw new AdminInputError('calendars: the user does not exist.');
      return [...user.entries.values()].flatMap((entry) => {
        const store = state.calendars.get(entry.calendarId);
        if (!store || entry.deleted) return [];
        const { id, summary, timeZone } = store.meta;
        const { accessRole, primary = false, hidden = false } = entry;
        return [{ id, summary, timeZone, accessRole, primary, hidden, events: store.order.length }];
      });
    },
    async channels() {
      return channels.list().map(({ id, calendarId, address, expirationMs }) => ({
        id,
        calendarId,
        address,
        expiration: new Date(expirationMs).toISOString(),
      }));
    },
    async mails() {
      return state.mails.list();
    },
    async requests(filter) {
      return requests.since(filter?.since);
    },
    async requestCounts() {
      return requests.countsByKind();
    },
  };
}
