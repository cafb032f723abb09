-- CreateTable
CREATE TABLE "google_requests" (
    "day" DATE NOT NULL,
    "workspace_id" TEXT NOT NULL,
    "method" TEXT NOT NULL,
    "requests" INTEGER NOT NULL,

    CONSTRAINT "google_requests_pkey" PRIMARY KEY ("day","workspace_id","method")
);

-- Counted apart from workspaces, so that the total outlives a workspace, and is read in one row.
CREATE TABLE "google_request_days" (
    "day" DATE NOT NULL,
    "requests" INTEGER NOT NULL,

    CONSTRAINT "google_request_days_pkey" PRIMARY KEY ("day")
);

-- CreateIndex
CREATE INDEX "google_requests_workspace_id_day_idx" ON "google_requests"("workspace_id", "day");

-- AddForeignKey
ALTER TABLE "google_requests" ADD CONSTRAINT "google_requests_workspace_id_fkey" FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "google_requests" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "google_requests"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));
