import type { EmulatorAdmin } from '../admin.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { checked } from './checked.ts';
import { eventOperations } from './event-operations.ts';
import { knobOperations } from './knob-operations.ts';
import { oracleOperations } from './oracle-operations.ts';
import { seedOperations } from './seed-operations.ts';
import { userOperations } from './user-operations.ts';

/** The admin operations on an emulator in this process. */
export function createAdmin(context: EmulatorContext): EmulatorAdmin {
  return checked({
    ...userOperations(context),
    ...seedOperations(context),
    ...eventOperations(context),
    ...knobOperations(context),
    ...oracleOperations(context),
  });
}
