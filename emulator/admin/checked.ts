import type { z } from 'zod';
import type { EmulatorAdmin } from '../admin.ts';
import { ADMIN_OPERATIONS, argumentSchemas, type AdminOperation } from '../admin-schemas.ts';

/** Thrown when an admin operation is called with invalid arguments. The message is one sentence. */
export class AdminInputError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'AdminInputError';
  }
}

type AnyOperation = (...args: unknown[]) => Promise<unknown>;

/** Checks the arguments of every operation. */
export function checked(admin: EmulatorAdmin): EmulatorAdmin {
  const wrapped = ADMIN_OPERATIONS.map((operation) => [
    operation,
    async (...args: unknown[]) => {
      const parsed = argumentSchemas[operation].safeParse(withoutTrailingGaps(args));
      if (!parsed.success) throw new AdminInputError(sentence(operation, parsed.error.issues[0]!));
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schema of this very operation accepted them.
      return (admin[operation] as AnyOperation)(...parsed.data);
    },
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one entry for each name of the interface.
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
