-- AlterTable
ALTER TABLE "connect_attempts" ADD COLUMN "code" BYTEA,
ADD COLUMN "return_url" TEXT;
