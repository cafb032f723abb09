import { z } from 'zod';
import { workspaceIdSchema } from '../input.ts';

export const MANIFEST = 'manifest.json';
export const ARCHIVE_FORMAT = 'almanac-workspace';
export const ARCHIVE_VERSION = 1;

/** A file of an archive, as it was written. */
export const memberSchema = z.object({
  name: z.string().max(200),
  /** Lines of a table, or occurrences of a calendar. */
  rows: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in hexadecimal digits'),
});
export type ArchiveMember = z.infer<typeof memberSchema>;

export const manifestSchema = z.object({
  format: z.literal(ARCHIVE_FORMAT, { error: `must be ${ARCHIVE_FORMAT}` }),
  version: z.literal(ARCHIVE_VERSION, { error: `must be ${ARCHIVE_VERSION}` }),
  workspaceId: workspaceIdSchema,
  /** Instant of the one snapshot that every member shows, by Postgres's clock. */
  snapshotAt: z.iso.datetime(),
  members: z.array(memberSchema).max(10_000, 'must have at most 10000 members'),
});
export type ArchiveManifest = z.infer<typeof manifestSchema>;

export const memberOf = (table: string) => `tables/${table}.jsonl`;
