export { createEmulator, type Emulator, type EmulatorOptions } from '../../emulator/create-emulator.ts';
export { createEmulatorAdminClient } from '../../emulator/admin-client.ts';
export { EmulatorOptionError } from '../../emulator/option-error.ts';
export type {
  AccessRole,
  CalendarSummary,
  EmulatorAdmin,
  EventBody,
  EventResource,
  FaultInput,
  GeneratedWorkspace,
  GenerateInput,
  RequestRecord,
} from '../../emulator/admin.ts';
export { type GoogleInTests, type TestHooks, useEmulator } from './use-emulator.ts';
