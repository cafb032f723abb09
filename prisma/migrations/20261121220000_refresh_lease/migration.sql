-- AlterTable
ALTER TABLE "calendar_auth_tokens" ADD COLUMN "refreshing_until" TIMESTAMPTZ(3);
