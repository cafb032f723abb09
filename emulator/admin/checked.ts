import type { z } from 'zod';
import type { EmulatorAdmin } from '../admin.ts';
import { argumentSchemas, type AdminOperation } from '../admin-schemas.ts';

/** Thrown when an admin operation is called with arguments it does not take; the message is one sentence. */
export class AdminInputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AdminInputError';
  }
}

type AnyOperation = (...args: unknown[]) => Promise<unknown>;

/** Puts the argument check in front of every operation. */
export function checked(admin: EmulatorAdmin): EmulatorAdmin {
  const operations = Object.keys(argumentSchemas) as AdminOperation[];
  const wrapped = operations.map((operation) => [
    operation,
    async (...args: unknown[]) => {
      const parsed = argumentSchemas[operation].safeParse(withoutTrailingGaps(args));
      if (!parsed.success) throw new AdminInputError(sentence(operation, parsed.error.issues[0]!));
      return (admin[operation] as AnyOperation)(...parsed.data);
    },
  ]);
  return Object.fromEntries(wrapped) as EmulatorAdmin;
}

/** Missing optional arguments arrive as null over HTTP. */
function withoutTrailingGaps(args: unknown[]): unknown[] {
  const last = args.findLastIndex((arg) => arg !== undefined && arg !== null);
  return args.slice(0, last + 1);
}

function sentence(operation: AdminOperation, issue: z.core.$ZodIssue): string {
  const [argument, ...field] = issue.path;
  const place = argument === undefined ? 'arguments' : `argument ${Number(argument) + 1}`;
  const name = field.length > 0 ? `, field ${field.join('.')}` : '';
  return `${operation}: ${place}${name}: ${issue.message}.`;
}
