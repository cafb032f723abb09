-- CreateTable
CREATE TABLE "calendar_change_positions" (
    "workspace_id" TEXT NOT NULL,
    "last_position" BIGINT NOT NULL,
    "compacted_through" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "calendar_change_positions_pkey" PRIMARY KEY ("workspace_id")
);

-- AddForeignKey
ALTER TABLE "calendar_change_positions" ADD CONSTRAINT "calendar_change_positions_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Every change rewrites a row: room on the page keeps those updates in place.
ALTER TABLE "calendar_change_positions" SET (fillfactor = 50);

-- A worker of the version before gives no position. Its rows get one below zero, which no reader sees, until
-- retention writes into the log what they stand for.
CREATE SEQUENCE "calendar_changes_unplaced_seq";

-- AlterTable
ALTER TABLE "calendar_changes"
    ADD COLUMN "position" BIGINT NOT NULL DEFAULT (- nextval('calendar_changes_unplaced_seq'::regclass)),
    ADD COLUMN "kind" TEXT,
    ADD COLUMN "status" TEXT,
    ADD COLUMN "etag" TEXT,
    ADD COLUMN "series_id" TEXT,
    ADD COLUMN "start_at" TIMESTAMPTZ(3),
    ADD COLUMN "end_at" TIMESTAMPTZ(3),
    ADD COLUMN "start_date" DATE,
    ADD COLUMN "end_date" DATE,
    ADD COLUMN "series_end" TIMESTAMPTZ(3),
    ADD COLUMN "resource" JSONB;

-- What was logged until now keeps its order. It says nothing of the events themselves, so every stored event follows
-- as an insert: from here on, the log read from its beginning is the mirror.
WITH "known" AS (
    SELECT "id", "workspace_id", row_number() OVER (PARTITION BY "workspace_id" ORDER BY "id") AS "position"
    FROM "calendar_changes"
), "placed" AS (
    UPDATE "calendar_changes" c SET "position" = k."position" FROM "known" k WHERE c."id" = k."id"
), "counted" AS (
    SELECT "workspace_id", count(*) AS "changes" FROM "known" GROUP BY 1
), "stored" AS (
    INSERT INTO "calendar_changes" ("workspace_id", "position", "calendar_id", "google_event_id", "operation", "kind",
        "status", "etag", "series_id", "start_at", "end_at", "start_date", "end_date", "series_end", "resource")
    SELECT c."workspace_id",
        coalesce(k."changes", 0) + row_number() OVER (PARTITION BY c."workspace_id" ORDER BY e."calendar_id", e."google_event_id"),
        e."calendar_id", e."google_event_id", 'insert', e."kind",
        e."status", e."etag", e."series_id", e."start_at", e."end_at", e."start_date", e."end_date", e."series_end", e."resource"
    FROM "calendar_events" e
    JOIN "calendars" c ON c."id" = e."calendar_id"
    LEFT JOIN "counted" k ON k."workspace_id" = c."workspace_id"
    RETURNING "workspace_id", "position"
)
INSERT INTO "calendar_change_positions" ("workspace_id", "last_position")
SELECT "workspace_id", max("position")
FROM (SELECT "workspace_id", "position" FROM "known" UNION ALL SELECT "workspace_id", "position" FROM "stored") AS "all_placed"
GROUP BY 1;

-- The position takes the place of the number that no statement has ever named.
ALTER TABLE "calendar_changes"
    DROP COLUMN "id",
    ADD CONSTRAINT "calendar_changes_pkey" PRIMARY KEY ("workspace_id", "position");

ALTER SEQUENCE "calendar_changes_unplaced_seq" OWNED BY "calendar_changes"."position";

-- DropIndex
DROP INDEX IF EXISTS "calendar_changes_workspace_id_id_idx";

-- CreateIndex
CREATE INDEX "calendar_changes_calendar_id_google_event_id_position_idx" ON "calendar_changes"("calendar_id", "google_event_id", "position");

-- What workers of the version before have left: next to always empty.
CREATE INDEX "calendar_changes_unplaced_idx" ON "calendar_changes"("workspace_id", "calendar_id") WHERE "position" < 0;

ALTER TABLE "calendar_changes"
    ADD CONSTRAINT "calendar_changes_content_check" CHECK ("operation" <> 'delete' OR "resource" IS NULL);
