-- AlterTable
ALTER TABLE "calendar_sync_states"
    ADD COLUMN "listing_started_at" TIMESTAMPTZ(3),
    ADD COLUMN "proven_at" TIMESTAMPTZ(3),
    ADD COLUMN "verified_at" TIMESTAMPTZ(3),
    ADD COLUMN "drift" INTEGER;

-- What has been synced before was in step when it was.
UPDATE "calendar_sync_states" SET "proven_at" = "last_synced_at" WHERE "last_synced_at" IS NOT NULL;

-- CreateTable
CREATE TABLE "google_quotas" (
    "scope" TEXT NOT NULL,
    "spent_until" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "blocked_at" TIMESTAMPTZ(3),
    "blocked_until" TIMESTAMPTZ(3),
    "strikes" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "google_quotas_pkey" PRIMARY KEY ("scope")
);

-- CreateTable
CREATE TABLE "watch_channels" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "calendar_id" UUID NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'opening',
    "resource_id" TEXT,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "watch_channels_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "dead_letters" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "account_id" UUID,
    "calendar_id" UUID,
    "operation" TEXT NOT NULL,
    "workflow_id" TEXT NOT NULL,
    "run_id" TEXT NOT NULL,
    "correlation_id" TEXT,
    "failure_type" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 1,
    "status" TEXT NOT NULL DEFAULT 'open',
    "first_failed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_failed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),
    "notice_claimed_at" TIMESTAMPTZ(3),
    "notified_at" TIMESTAMPTZ(3),

    CONSTRAINT "dead_letters_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "watch_channels_calendar_id_idx" ON "watch_channels"("calendar_id");

-- CreateIndex
CREATE INDEX "dead_letters_workspace_id_idx" ON "dead_letters"("workspace_id");

-- AddForeignKey
ALTER TABLE "watch_channels" ADD CONSTRAINT "watch_channels_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendars"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dead_letters" ADD CONSTRAINT "dead_letters_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dead_letters" ADD CONSTRAINT "dead_letters_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "calendar_auth_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "dead_letters" ADD CONSTRAINT "dead_letters_calendar_id_fkey" FOREIGN KEY ("calendar_id") REFERENCES "calendars"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "watch_channels"
    ADD CONSTRAINT "watch_channels_status_check" CHECK ("status" IN ('opening', 'live', 'stopping', 'stopped'));

ALTER TABLE "dead_letters"
    ADD CONSTRAINT "dead_letters_status_check" CHECK ("status" IN ('open', 'resolved', 'discarded'));

-- One open letter for one trouble: of a calendar, else of an account, else of the workspace.
CREATE UNIQUE INDEX "dead_letters_open_key" ON "dead_letters"("workspace_id", "operation", COALESCE("calendar_id", "account_id", '00000000-0000-0000-0000-000000000000'::uuid), "failure_type") WHERE "status" = 'open';

-- Letters that the next success of a calendar or an account closes.
CREATE INDEX "dead_letters_open_calendar_idx" ON "dead_letters"("calendar_id") WHERE "status" = 'open';
CREATE INDEX "dead_letters_open_account_idx" ON "dead_letters"("account_id") WHERE "status" = 'open';

-- Letters that nobody has been told of.
CREATE INDEX "dead_letters_notice_idx" ON "dead_letters"("first_failed_at") WHERE "status" = 'open' AND "notice_claimed_at" IS NULL;

-- Every request to Google rewrites a row: room on the page keeps those updates in place.
ALTER TABLE "google_quotas" SET (fillfactor = 50);

-- Retention: the oldest runs.
CREATE INDEX "workspace_calendar_sync_log_started_at_idx" ON "workspace_calendar_sync_log" USING brin ("started_at");
