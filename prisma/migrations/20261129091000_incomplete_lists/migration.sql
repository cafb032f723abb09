-- AlterTable
ALTER TABLE "calendar_auth_tokens" ADD COLUMN "calendar_list_incomplete_since" TIMESTAMPTZ(3);
