-- A block that a person has made repeat, or invited guests to, is theirs.
ALTER TABLE "scheduled_blocks" DROP CONSTRAINT "scheduled_blocks_pinned_check";
ALTER TABLE "scheduled_blocks"
    ADD CONSTRAINT "scheduled_blocks_pinned_check" CHECK ("pinned_because" IN ('moved', 'resized', 'locked', 'meeting', 'started', 'done'));

-- Those that are so already have been seen with their present ETag: nothing else would raise suspicion.
UPDATE "scheduled_blocks" b
SET "pinned_because" = 'meeting', "updated_at" = now()
FROM "calendar_events" e
WHERE e."calendar_id" = b."calendar_id" AND e."google_event_id" = b."google_event_id" AND b."status" IN ('written', 'released')
  AND (e."kind" = 'series' OR EXISTS (
    SELECT FROM jsonb_array_elements(CASE WHEN jsonb_typeof(e."resource" -> 'attendees') = 'array' THEN e."resource" -> 'attendees' ELSE '[]' END) a
    WHERE (a ->> 'self') IS DISTINCT FROM 'true'));
