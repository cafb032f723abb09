import { describe, expect, it } from 'vitest';
import { isOwnEvent, ownEventId, readMarker } from '../../../../services/planning/write-back/own-event-id.ts';

const BLOCK = '6f1c2b1e-8f44-4a3c-9d53-0c0f6f2f3a10';
const marker = (rev: string) => ({ app: 'almanac', blockId: BLOCK, rev });

describe('the event ID of a block', () => {
  it('is one that Google takes', () => {
    expect(ownEventId(BLOCK, 0)).toMatch(/^[a-v0-9]{5,1024}$/);
  });

  it('is the same every time, and another for every block and generation', () => {
    expect(ownEventId(BLOCK, 0)).toBe(ownEventId(BLOCK, 0));
    const ids = [0, 1, 2, 10].map((generation) => ownEventId(BLOCK, generation));
    expect(new Set([...ids, ownEventId('another', 0)]).size).toBe(5);
  });

  it('stays as it is: events that were written bear it', () => {
    expect(ownEventId('block', 3)).toBe('thlf1tdksqvcrp4sr47t42qb2nihq9tv');
  });

  it('tells our event from a copy that inherited its marker', () => {
    expect(isOwnEvent(ownEventId(BLOCK, 2), marker('2'))).toBe(true);
    expect(isOwnEvent('5t4jkcopiedbyaperson', marker('2'))).toBe(false);
    expect(isOwnEvent(ownEventId(BLOCK, 2), marker('1'))).toBe(false);
  });

  it('reads no marker where there is none', () => {
    for (const properties of [null, undefined, {}, { app: 'other', blockId: BLOCK, rev: '0' }, marker('x')]) {
      expect(readMarker(properties)).toBeNull();
    }
  });
});
