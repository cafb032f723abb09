import type { EmulatorAdmin } from './admin.ts';
import { ADMIN_OPERATIONS, type AdminOperation } from './admin-schemas.ts';

/** The admin operations of an emulator in another process. `url` is its origin. */
export function createEmulatorAdminClient(url: string): EmulatorAdmin {
  const calls = ADMIN_OPERATIONS.map((operation) => [
    operation,
    (...args: unknown[]) => callOperation(url, operation, args),
  ]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one entry for each name of the interface.
  return Object.fromEntries(calls) as EmulatorAdmin;
}

async function callOperation(url: string, operation: AdminOperation, args: unknown[]): Promise<unknown> {
  const response = await fetch(new URL(`/_admin/${operation}`, url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(args),
  });
  const text = await response.text();
  const answer = text === '' ? undefined : JSON.parse(text);
  if (!response.ok) throw new Error(String(answer?.error ?? `The emulator answered ${response.status}.`));
  return answer;
}
