import { createEmulator, type Emulator, type EmulatorOptions } from '../../emulator/create-emulator.ts';

/** A Google Calendar of the test's own, on a free port. */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  return createEmulator({ port: 0, ...options });
}
