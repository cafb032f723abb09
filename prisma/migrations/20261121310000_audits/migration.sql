-- AlterTable
ALTER TABLE "calendar_sync_states" ADD COLUMN "audited_at" TIMESTAMPTZ(3);

UPDATE "calendar_sync_states" SET "audited_at" = "verified_at" WHERE "verified_at" IS NOT NULL;
