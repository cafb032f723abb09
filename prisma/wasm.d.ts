/** Part of Node that neither `lib.es2023` nor `@types/node` 20 declares. */
declare namespace WebAssembly {
  type Exports = Record<string, unknown>;
  function instantiate(
    bytes: Uint8Array,
    imports: Record<string, object>,
  ): Promise<{ instance: { exports: Exports } }>;
}

declare module '@prisma/schema-engine-wasm/schema_engine_bg' {
  export function __wbg_set_wasm(exports: WebAssembly.Exports): void;
  export const SchemaEngine: {
    new: (
      options: { datamodels: undefined },
      log: (line: string) => void,
      adapter: unknown,
    ) => Promise<import('./schema-engine.ts').SchemaEngine>;
  };
}
