-- An all-day event without `transparency` takes up time, as Google says, and events of calendars that the account does
-- not own do not. Traits and flags of the occurrences there are follow from the stored events. Only those that differ
-- are written, and nothing is asked of Google.
WITH "judged" AS (
    SELECT e."calendar_id", e."google_event_id", c."workspace_id", c."takes_time",
        coalesce(e."resource" ->> 'transparency', '') = 'transparent'
            OR coalesce(e."resource" ->> 'eventType', '') IN ('workingLocation', 'birthday')
            OR coalesce(e."resource" @? '$.attendees[*] ? (@.self == true && @.responseStatus == "declined")', false) AS "free",
        coalesce(e."resource" ->> 'eventType', '') = 'outOfOffice' AS "out_of_office",
        e."start_date" IS NOT NULL AS "all_day",
        e."status" = 'tentative'
            OR coalesce(e."resource" @? '$.attendees[*] ? (@.self == true && @.responseStatus == "tentative")', false) AS "tentative",
        coalesce(e."resource" @? '$.attendees[*] ? (@.self == true && @.responseStatus == "needsAction")', false) AS "unanswered"
    FROM "calendar_events" e JOIN "calendars" c ON c."id" = e."calendar_id"
    WHERE e."status" <> 'cancelled'
), "settled" AS (
    SELECT "calendar_id", "google_event_id", "workspace_id", "takes_time" AND NOT "free" AS "busy",
        CASE WHEN "free" THEN ARRAY['free'] ELSE array_remove(ARRAY[
            CASE WHEN "out_of_office" THEN 'outOfOffice' WHEN "all_day" THEN 'allDay' END,
            CASE WHEN "tentative" THEN 'tentative' END,
            CASE WHEN "unanswered" THEN 'unanswered' END], NULL) END AS "traits"
    FROM "judged"
)
UPDATE "workspace_calendar_events" o SET "busy" = s."busy", "traits" = s."traits"
FROM "settled" s
WHERE o."calendar_id" = s."calendar_id" AND o."google_event_id" = s."google_event_id" AND o."workspace_id" = s."workspace_id"
    AND (o."busy", o."traits") IS DISTINCT FROM (s."busy", s."traits");
