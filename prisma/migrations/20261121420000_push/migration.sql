-- AlterTable
ALTER TABLE "calendars" ADD COLUMN "push_unsupported_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "calendar_sync_states" ADD COLUMN "notified_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "watch_channels" ADD COLUMN "address" TEXT,
ADD COLUMN "renew_at" TIMESTAMPTZ(3),
ADD COLUMN "token_hash" BYTEA;

-- CreateIndex
CREATE INDEX "calendars_google_calendar_id_idx" ON "calendars"("google_calendar_id");

-- Channels that are not over: of few calendars more than one.
CREATE INDEX "watch_channels_open_idx" ON "watch_channels"("status", "calendar_id") WHERE "status" <> 'stopped';

-- Channels that were heard of, and not opened by this installation.
CREATE INDEX "watch_channels_adopted_idx" ON "watch_channels"("created_at") WHERE "token_hash" IS NULL;
