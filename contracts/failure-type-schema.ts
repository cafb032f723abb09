import { z } from 'zod';
import type { FailureType } from './failure-types.ts';

/** Accepts any string, because a result of an earlier release may name a type that no longer exists. */
export const failureTypeSchema = z.string().describe('Failure type') as unknown as z.ZodType<FailureType>;
