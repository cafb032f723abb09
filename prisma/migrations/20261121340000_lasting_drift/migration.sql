-- AlterTable
ALTER TABLE "calendar_sync_states" ADD COLUMN "lasting_drift" INTEGER;
