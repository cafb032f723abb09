-- CreateTable
CREATE TABLE "installation" (
    "id" BOOLEAN NOT NULL DEFAULT true,
    "restores" INTEGER NOT NULL DEFAULT 0,
    "server" TEXT,

    CONSTRAINT "installation_pkey" PRIMARY KEY ("id")
);

ALTER TABLE "installation"
    ADD CONSTRAINT "installation_id_check" CHECK ("id"),
    ADD CONSTRAINT "installation_restores_check" CHECK ("restores" BETWEEN 0 AND 2000);

INSERT INTO "installation" DEFAULT VALUES;

-- Every request that begins a change log reads it, and none of a tenant changes it.
ALTER TABLE "installation" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "read" ON "installation" FOR SELECT USING (true);
CREATE POLICY "change" ON "installation" USING ((SELECT current_user) <> 'almanac_tenant');
