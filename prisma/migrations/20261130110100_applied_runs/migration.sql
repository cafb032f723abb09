-- Plans that have lately been applied, across all workspaces.
CREATE INDEX "schedule_runs_applied_idx" ON "schedule_runs"("finished_at") WHERE "status" = 'applied';
