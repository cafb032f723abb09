import { createEmulator, type Emulator, type EmulatorOptions } from '../../emulator/create-emulator.ts';

/** Starts an emulator for the test on a free port. */
export async function startTestEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  return createEmulator({ port: 0, ...options });
}
