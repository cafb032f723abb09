import { expect, it } from 'vitest';
import { RequestIds } from '../../../workflows/request-ids.ts';

it('names the requests of the passes that have not been served', () => {
  const ids = new RequestIds(['inherited']);
  ids.add(0, 'first');
  ids.add(1, 'second');
  ids.add(2, undefined);
  ids.add(2, 'third');
  expect(ids.since(0, 2)).toEqual(['inherited', 'first', 'second', 'third']);
  expect(ids.since(1, 2)).toEqual(['second', 'third']);
  // No calendar waits: what has arrived since the last pass began is all there is.
  expect(ids.since(Infinity, 2)).toEqual(['third']);
});

it('names none where they are too many', () => {
  const ids = new RequestIds();
  for (let count = 0; count <= 1_000; count += 1) ids.add(0, String(count));
  expect(ids.since(0, 1)).toBeUndefined();
  expect(ids.since(1, 1)).toEqual([]);
});
