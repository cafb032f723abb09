import { expect, it } from 'vitest';
import { z } from 'zod';
import { parseInput } from '../../../services/input.ts';

it.each([
  [z.strictObject({ title: z.string() }), {}, 'title must be given.'],
  [z.strictObject({ title: z.string() }), { title: 1 }, 'title must be text.'],
  [z.object({ count: z.int() }), { count: 1.5 }, 'count must be a whole number.'],
  [z.object({ ids: z.array(z.string()).min(1) }), { ids: [] }, 'ids must have at least 1 item.'],
  [z.object({ name: z.string().max(3) }), { name: 'long' }, 'name must have at most 3 characters.'],
  [z.object({ days: z.int().max(90) }), { days: 91 }, 'days must be at most 90.'],
])('says in a sentence what an input has to be', (schema, value, sentence) => {
  expect(() => parseInput(schema, value)).toThrow(sentence);
});
