import { describe, expect, it } from 'vitest';
import { toEventChange } from '../../../calendar/event-row.ts';
import { googleEventsPageSchema } from '../../../calendar/google-event.ts';

describe('googleEventsPageSchema', () => {
  it('takes a page without items and with a next page (pitfall 1)', () => {
    const page = googleEventsPageSchema.parse({ nextPageToken: 'p2' });
    expect(page.items).toEqual([]);
    expect(page.nextPageToken).toBe('p2');
  });

  it('keeps keys it does not know, as Google sent them', () => {
    const item = { id: 'a', someNewThing: { nested: [1] }, start: { date: '2026-01-05', newer: true } };
    expect(googleEventsPageSchema.parse({ items: [item] }).items[0]).toEqual(item);
  });

  it('takes a cancelled item that has nothing but its ID (pitfall 9)', () => {
    const page = googleEventsPageSchema.parse({ items: [{ id: 'a', status: 'cancelled' }] });
    expect(page.items.map((item) => toEventChange(item, 'UTC'))).toEqual([
      { op: 'delete', googleEventId: 'a' },
    ]);
  });

  it('loses only the item that breaks the reference, never the page', () => {
    const good = { id: 'good', start: { date: '2026-01-05' }, end: { date: '2026-01-06' } };
    const page = googleEventsPageSchema.parse({ items: [{ id: 'bad', summary: 5 }, null, 'x', {}, good] });
    expect(page.items.map((item) => toEventChange(item, 'UTC').op)).toEqual([
      'skip',
      'skip',
      'skip',
      'skip',
      'upsert',
    ]);
  });

  it('still hides an occurrence whose cancellation has a broken field', () => {
    const item = {
      id: 's_20260105T090000Z',
      status: 'cancelled',
      recurringEventId: 's',
      originalStartTime: 'soon',
    };
    const [event] = googleEventsPageSchema.parse({ items: [item] }).items;
    expect(toEventChange(event!, 'UTC')).toMatchObject({
      op: 'upsert',
      row: { status: 'cancelled', originalStart: { dateTime: '2026-01-05T09:00:00Z' } },
    });
  });
});
