-- Whether Almanac may change events of the workspace's accounts: only then is Google's scope for it asked for. No
-- workspace has chosen it so far.
ALTER TABLE "workspaces" ADD COLUMN "writing" BOOLEAN NOT NULL DEFAULT false;
