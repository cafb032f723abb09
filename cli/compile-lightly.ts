import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 compile WebAssembly with its baseline compiler only, from now on. A command runs Prisma's query
 * compiler a few times: optimizing it costs 0.3 s of processor time and saves less. Servers must not call it.
 */
export function compileLightly(): void {
  setFlagsFromString('--no-wasm-tier-up');
  setFlagsFromString('--no-wasm-dynamic-tiering');
}
