import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { databaseFailureKind, isDatabaseOutage } from './failure-kind.ts';
import { PostgresAdapter } from './postgres-adapter.ts';

/** The part of Prisma's migration engine that Almanac uses. */
export interface SchemaEngine {
  applyMigrations(input: object): Promise<{ appliedMigrationNames: string[] }>;
}

type Bindings = typeof import('@prisma/schema-engine-wasm/schema_engine_bg');

/**
 * The bindings keep their instance in module state, and a second one would read the memory of the first. So it is
 * loaded once per process, also where this module is evaluated again, as test runners do.
 */
const LOADED = Symbol.for('almanac.schema-engine');
const shared = globalThis as { [LOADED]?: Promise<Bindings> };

async function loadBindings(): Promise<Bindings> {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const bindingsFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const bytes = await readFile(join(dirname(bindingsFile), 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports as { __wbindgen_start?: () => void }).__wbindgen_start?.();
  return bindings;
}

/** Closes the connections that the engine leaves open, and with them its advisory lock. */
class ClosableAdapter extends PostgresAdapter {
  private readonly adapters: { dispose(): Promise<void> }[] = [];

  override async connect() {
    const adapter = await super.connect();
    this.adapters.push(adapter);
    return adapter;
  }

  async close(): Promise<void> {
    await Promise.all(this.adapters.map((adapter) => adapter.dispose()));
  }
}

/**
 * Runs `use` with Prisma's own migration engine as WebAssembly: no engine binary is downloaded, and `prisma
 * migrate deploy` understands what it writes to `_prisma_migrations`.
 */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  use: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  const { SchemaEngine } = await (shared[LOADED] ??= loadBindings());
  const factory = new ClosableAdapter({ connectionString: databaseUrl });
  try {
    const adapter = bindMigrationAwareSqlAdapterFactory(factory);
    return await use(await SchemaEngine.new({ datamodels: undefined }, () => {}, adapter));
  } catch (error) {
    // The engine turns errors of Postgres into text, so the adapter's own error is thrown instead.
    const { lastFailure } = factory;
    throw isDatabaseOutage(databaseFailureKind(lastFailure)) ? lastFailure : error;
  } finally {
    await factory.close();
  }
}
