-- AlterTable
ALTER TABLE "calendars" ADD COLUMN "disconnected" BOOLEAN NOT NULL DEFAULT false;

-- CreateTable
CREATE TABLE "connect_attempts" (
    "id" UUID NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "account_id" UUID,
    "caller_hash" BYTEA NOT NULL,
    "redirect_uri" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "code_verifier" BYTEA NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "connect_attempts_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "connect_attempts_expires_at_idx" ON "connect_attempts"("expires_at");

-- AddForeignKey
ALTER TABLE "connect_attempts" ADD CONSTRAINT "connect_attempts_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "connect_attempts" ADD CONSTRAINT "connect_attempts_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "calendar_auth_tokens"("id") ON DELETE CASCADE ON UPDATE CASCADE;
