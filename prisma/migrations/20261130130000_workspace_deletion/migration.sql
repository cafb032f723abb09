-- Every workspace so far is active. One that is being deleted is not found by callers any more.
ALTER TABLE "workspaces" ADD COLUMN "status" TEXT NOT NULL DEFAULT 'active';
ALTER TABLE "workspaces"
    ADD CONSTRAINT "workspaces_status_check" CHECK ("status" IN ('active', 'paused', 'deleting'));

-- Few: fan-outs leave them out.
CREATE INDEX "workspaces_inactive_idx" ON "workspaces"("id") WHERE "status" <> 'active';

-- CreateTable
CREATE TABLE "workspace_receipts" (
    "id" UUID NOT NULL DEFAULT gen_random_uuid(),
    "workspace_id" TEXT NOT NULL,
    "key_id" TEXT,
    "own_calendars" BOOLEAN NOT NULL,
    "accounts" JSONB NOT NULL DEFAULT '{}',
    "rows" JSONB NOT NULL DEFAULT '{}',
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "workspace_receipts_pkey" PRIMARY KEY ("id")
);

-- A workspace is deleted once at a time. Its ID may be used again afterwards, and deleted again.
CREATE UNIQUE INDEX "workspace_receipts_unfinished_key" ON "workspace_receipts"("workspace_id") WHERE "finished_at" IS NULL;

-- CreateIndex
CREATE INDEX "workspace_receipts_workspace_id_requested_at_idx" ON "workspace_receipts"("workspace_id", "requested_at");
