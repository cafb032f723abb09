-- CreateTable
CREATE TABLE "calendar_feeds" (
    "id" TEXT NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "calendar_ids" UUID[] NOT NULL DEFAULT '{}',
    "detail" TEXT NOT NULL,
    "secret_hash" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_read_at" TIMESTAMPTZ(3),

    CONSTRAINT "calendar_feeds_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "calendar_feeds_detail_check" CHECK ("detail" IN ('busy', 'full'))
);

-- CreateIndex
CREATE INDEX "calendar_feeds_workspace_id_created_at_id_idx" ON "calendar_feeds"("workspace_id", "created_at", "id");

-- AddForeignKey
ALTER TABLE "calendar_feeds" ADD CONSTRAINT "calendar_feeds_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "calendar_feeds" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "calendar_feeds"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));
