import type { TokenCipher } from '../google/token-cipher.ts';
import type { Database } from '../../prisma/client.ts';
import { type SealedRow, type SealedTable, sealedTables } from './sealed-tables.ts';

const ROWS_PER_BATCH = 100;

/** Progress of a rotation, reported after every batch. */
export interface RotationProgress {
  sealed: number;
  total: number;
}

interface KeyRotation {
  /** ID of the newest key. */
  keyId: string;
  /** Number of rows sealed with the newest key. */
  sealed: number;
  /** Number of rows still sealed with another key. At zero, the older keys can be removed. */
  left: number;
  /** IDs of keys that sealed some of those rows and are not configured. */
  missingKeyIds: string[];
}

interface RotationContext {
  database: Database;
  tokenCipher: TokenCipher;
  onProgress?: ((progress: RotationProgress) => void) | undefined;
}

/**
 * Seals every stored token with the newest key while workers continue. A row is replaced only if it is
 * unchanged since it was read; a token refreshed meanwhile is read and sealed again. If interrupted, run it
 * again: it resumes.
 */
export async function rotateKeys({
  database,
  tokenCipher,
  onProgress,
}: RotationContext): Promise<KeyRotation> {
  const { keyId } = tokenCipher;
  const tables = sealedTables(database);
  const countLeft = async () => {
    const counts = await Promise.all(tables.map((table) => table.count(keyId)));
    return counts.reduce((sum, count) => sum + count, 0);
  };
  const total = await countLeft();
  const missing = new Set<string>();
  let sealed = 0;
  for (const table of tables) {
    let after: string | undefined;
    do {
      const rows = await table.read(keyId, after, ROWS_PER_BATCH);
      for (const row of rows) {
        const outcome = await sealAnew(table, row, tokenCipher);
        if (outcome === 'sealed') sealed += 1;
        else if (outcome === 'unopened') missing.add(row.keyId);
      }
      if (rows.length > 0) onProgress?.({ sealed, total });
      after = rows.length === ROWS_PER_BATCH ? rows.at(-1)?.id : undefined;
    } while (after !== undefined);
  }
  return { keyId, sealed, left: await countLeft(), missingKeyIds: [...missing] };
}

async function sealAnew(
  table: SealedTable,
  first: SealedRow,
  cipher: TokenCipher,
): Promise<'sealed' | 'unopened' | 'gone'> {
  for (let row: SealedRow | null = first; row !== null; row = await table.readOne(cipher.keyId, first.id)) {
    const { id, keyId } = row;
    let columns: SealedRow['columns'];
    try {
      columns = row.columns.map((bytes) =>
        bytes === null ? null : cipher.seal(cipher.open({ keyId, bytes }, id), id).bytes,
      );
    } catch {
      return 'unopened';
    }
    if (await table.replace(row, cipher.keyId, columns)) return 'sealed';
  }
  return 'gone';
}
