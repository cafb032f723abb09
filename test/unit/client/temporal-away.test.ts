import { describe, expect, it } from 'vitest';
import { isTemporalAway } from '../../../services/failure-kinds.ts';

/** As the SDK throws it: the server's answer is the cause. */
const answered = (code: number, details: string) =>
  new Error('Failed', { cause: Object.assign(new Error(details), { code, details }) });

describe('an answer of Temporal’s', () => {
  it.each([
    ['CANCELLED', 1, 'call cancelled'],
    ['DEADLINE_EXCEEDED', 4, 'Deadline exceeded'],
    ['RESOURCE_EXHAUSTED', 8, 'namespace concurrent poller limit exceeded'],
    ['RESOURCE_EXHAUSTED', 8, 'system overloaded'],
    ['UNAVAILABLE', 14, 'no connection established'],
    ['INVALID_ARGUMENT', 3, 'exceeded workflow execution limit for signal events'],
  ])('%s: the caller may try again (%d, %s)', (_name, code, details) => {
    expect(isTemporalAway(answered(code, details))).toBe(true);
  });

  it.each([
    ['INVALID_ARGUMENT', 3, 'WorkflowId exceeds length limit'],
    ['NOT_FOUND', 5, 'workflow not found'],
    ['INTERNAL', 13, 'something else'],
  ])('%s: it would not help (%d, %s)', (_name, code, details) => {
    expect(isTemporalAway(answered(code, details))).toBe(false);
  });
});
