-- CreateTable
CREATE TABLE "webhook_subscriptions" (
    "id" UUID NOT NULL,
    "workspace_id" TEXT,
    "url" TEXT NOT NULL,
    "types" TEXT[] NOT NULL,
    "calendar_ids" UUID[] NOT NULL DEFAULT '{}',
    "payload" TEXT NOT NULL,
    "key_id" TEXT NOT NULL,
    "secret" BYTEA NOT NULL,
    "previous_secret" BYTEA,
    "previous_secret_until" TIMESTAMPTZ(3),
    "status" TEXT NOT NULL DEFAULT 'active',
    "pause_reason" TEXT,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failing_since" TIMESTAMPTZ(3),
    "retry_at" TIMESTAMPTZ(3),
    "last_error" TEXT,
    "last_delivered_at" TIMESTAMPTZ(3),
    "attempts" BIGINT NOT NULL DEFAULT 0,
    "claim" UUID,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_subscriptions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "webhook_subscriptions_payload_check" CHECK ("payload" IN ('thin', 'full')),
    CONSTRAINT "webhook_subscriptions_status_check" CHECK ("status" IN ('active', 'paused')),
    CONSTRAINT "webhook_subscriptions_pause_reason_check" CHECK ("pause_reason" IN ('requested', 'failed', 'gone', 'behind'))
);

-- CreateTable
CREATE TABLE "webhook_cursors" (
    "subscription_id" UUID NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "position" BIGINT NOT NULL DEFAULT 0,
    "compacted_through" BIGINT,
    "delivered_through" BIGINT NOT NULL DEFAULT 0,
    "generation" INTEGER NOT NULL DEFAULT 0,
    "batch_id" UUID,
    "batch_through" BIGINT,
    "served_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_cursors_pkey" PRIMARY KEY ("subscription_id", "workspace_id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "subscription_id" UUID NOT NULL,
    "number" BIGINT NOT NULL,
    "workspace_id" TEXT,
    "message_id" TEXT NOT NULL,
    "after_position" BIGINT,
    "position" BIGINT,
    "changes" INTEGER NOT NULL,
    "status" INTEGER,
    "error" TEXT,
    "latency_ms" INTEGER NOT NULL,
    "attempted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("subscription_id", "number")
);

-- CreateIndex
CREATE INDEX "webhook_subscriptions_workspace_id_created_at_id_idx" ON "webhook_subscriptions"("workspace_id", "created_at", "id");

-- CreateIndex
CREATE INDEX "webhook_cursors_workspace_id_idx" ON "webhook_cursors"("workspace_id");

-- CreateIndex
CREATE INDEX "webhook_deliveries_attempted_at_idx" ON "webhook_deliveries"("attempted_at");

-- AddForeignKey
ALTER TABLE "webhook_subscriptions" ADD CONSTRAINT "webhook_subscriptions_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_cursors" ADD CONSTRAINT "webhook_cursors_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "webhook_subscriptions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_cursors" ADD CONSTRAINT "webhook_cursors_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_subscription_id_fkey" FOREIGN KEY ("subscription_id") REFERENCES "webhook_subscriptions"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A subscription without a workspace is for all of them, and no workspace sees it.
ALTER TABLE "webhook_subscriptions" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "webhook_subscriptions"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

ALTER TABLE "webhook_cursors" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "webhook_cursors"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true))
        AND EXISTS (SELECT 1 FROM "webhook_subscriptions" s WHERE s."id" = "subscription_id"));

ALTER TABLE "webhook_deliveries" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "webhook_deliveries"
    USING ((SELECT current_user) <> 'almanac_tenant' OR EXISTS (SELECT 1 FROM "webhook_subscriptions" s WHERE s."id" = "subscription_id"));
