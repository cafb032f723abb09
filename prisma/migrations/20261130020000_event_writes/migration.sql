-- CreateTable
CREATE TABLE "event_writes" (
    "id" UUID NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "batch_id" UUID NOT NULL,
    "position" INTEGER NOT NULL,
    "sequence" BIGSERIAL NOT NULL,
    "calendar_id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "request" JSONB,
    "steps" JSONB,
    "step" INTEGER NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "applied" JSONB NOT NULL DEFAULT '[]',
    "applied_at" TIMESTAMPTZ(3),
    "refusal" TEXT,
    "google_reason" TEXT,
    "version" TEXT,
    "correlation_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "settled_at" TIMESTAMPTZ(3),

    CONSTRAINT "event_writes_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "event_writes_operation_check" CHECK ("operation" IN ('create', 'change', 'delete', 'answer')),
    CONSTRAINT "event_writes_status_check" CHECK ("status" IN ('pending', 'sent', 'done', 'refused', 'failed'))
);

-- CreateIndex
CREATE UNIQUE INDEX "event_writes_batch_id_position_key" ON "event_writes"("batch_id", "position");

-- CreateIndex
CREATE INDEX "event_writes_workspace_id_applied_at_idx" ON "event_writes"("workspace_id", "applied_at");

-- CreateIndex
CREATE INDEX "event_writes_workspace_id_created_at_idx" ON "event_writes"("workspace_id", "created_at");

-- Writes of one event are made in order: each waits for the unfinished ones before it. A workspace may have only so
-- many unfinished ones.
CREATE INDEX "event_writes_unfinished_idx" ON "event_writes"("workspace_id", "calendar_id", "subject", "sequence")
    WHERE "status" IN ('pending', 'sent');

-- AddForeignKey
ALTER TABLE "event_writes" ADD CONSTRAINT "event_writes_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "event_writes" ADD CONSTRAINT "event_writes_calendar_id_workspace_id_fkey" FOREIGN KEY ("calendar_id", "workspace_id") REFERENCES "calendars"("id", "workspace_id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "event_writes" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "event_writes"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));
