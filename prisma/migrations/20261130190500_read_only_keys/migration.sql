-- Keys that exist may change things, as before.
ALTER TABLE "api_keys" ADD COLUMN "read_only" BOOLEAN NOT NULL DEFAULT false;
