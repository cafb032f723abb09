-- What people call the workspace. It has none so far.
ALTER TABLE "workspaces" ADD COLUMN "name" TEXT;
