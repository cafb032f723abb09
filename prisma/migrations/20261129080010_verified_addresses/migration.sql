-- When Google named the address of the grant that an account holds. Null: the address is what somebody claims, and a
-- grant of another workspace is not spared for its sake.
ALTER TABLE "calendar_auth_tokens" ADD COLUMN "address_verified_at" TIMESTAMPTZ(3);

-- Grants that a user consented to have scopes, and were verified. Of those that were imported, a calendar list has been
-- read that names the address as the ID of the primary calendar.
UPDATE "calendar_auth_tokens" a SET "address_verified_at" = now()
WHERE a."status" = 'connected' AND a."last_error" IS NULL AND (
    a."scopes" <> '{}' OR a."calendar_list_synced_at" IS NOT NULL AND EXISTS (
        SELECT 1 FROM "calendars" c
        WHERE c."account_id" = a."id" AND c."is_primary" AND lower(c."google_calendar_id") = a."email"));
