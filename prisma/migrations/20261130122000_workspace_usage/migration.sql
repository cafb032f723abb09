-- CreateTable
CREATE TABLE "workspace_usage" (
    "day" DATE NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "calendars" INTEGER,
    "events" INTEGER,
    "syncs" INTEGER NOT NULL,
    "changes" INTEGER NOT NULL,
    "event_writes" INTEGER NOT NULL,

    CONSTRAINT "workspace_usage_pkey" PRIMARY KEY ("day","workspace_id")
);

-- CreateIndex
CREATE INDEX "workspace_usage_workspace_id_day_idx" ON "workspace_usage"("workspace_id", "day");

-- AddForeignKey
ALTER TABLE "workspace_usage" ADD CONSTRAINT "workspace_usage_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "workspace_usage" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "workspace_usage"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));
