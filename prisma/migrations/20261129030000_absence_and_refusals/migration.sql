-- AlterTable
ALTER TABLE "calendar_auth_tokens" ADD COLUMN "refresh_forced_at" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "calendars" ADD COLUMN "missing_since" TIMESTAMPTZ(3),
ADD COLUMN "missing_looks" INTEGER NOT NULL DEFAULT 0;
