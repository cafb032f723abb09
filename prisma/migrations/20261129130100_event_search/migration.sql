-- The words by which an event is found: title, place, description, names and addresses of guests, each bounded, so that no
-- event has more than a megabyte of them. Addresses are words as a whole and in parts. The calendar is a word as well: with
-- it, the index leads to the events of a workspace, however many others hold the same words. No column is added, because
-- that would rewrite the table or leave out the events that are there.
CREATE FUNCTION "event_words"("calendar_id" uuid, "resource" jsonb) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN array_to_tsvector(ARRAY["calendar_id"::text]) || to_tsvector('pg_catalog.simple'::regconfig,
        left(coalesce("resource" ->> 'summary', ''), 2000)
        || ' ' || left(coalesce("resource" ->> 'location', ''), 2000)
        || ' ' || left(coalesce("resource" ->> 'description', ''), 20000)
        || ' ' || left(coalesce(jsonb_path_query_array("resource", '$.attendees[*].displayName')::text, ''), 20000)
        || ' ' || left(coalesce(jsonb_path_query_array("resource", '$.attendees[*].email')::text, ''), 20000)
        || ' ' || translate(left(coalesce(jsonb_path_query_array("resource", '$.attendees[*].email')::text, ''), 20000), '@', ' '));

-- What a search asks for: every word, of which the last may be the beginning of one. Beginnings of all words would
-- take tens of milliseconds in 100,000 events, because Postgres collects every event that has any of their continuations.
-- Null if there is no word.
CREATE FUNCTION "word_query"("words" text) RETURNS tsquery
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT string_agg('''' || replace(replace(word, '\', '\\'), '''', '''''') || part.mark, ' & ')::tsquery
        FROM (VALUES (substring("words" from '^(.*)\s\S+\s*$'), ''''), (substring("words" from '(\S+)\s*$'), ''':*'))
            AS part(piece, mark),
        unnest(tsvector_to_array(to_tsvector('pg_catalog.simple'::regconfig, coalesce(part.piece, '')))) word $$;

CREATE TYPE "found_event" AS ("calendar_id" uuid, "google_event_id" text, "source_event_id" text);

-- The events of a workspace that a search finds, with the source of their occurrences. Row-level security keeps Postgres
-- from using the index, because the match of words might leak what rows hold. This function reads as the owner of the
-- table, and sees to the workspace itself: the tenant role finds what is in the workspace that it is bound to, whichever
-- is asked for. Its body is bound to these tables once and for all, so no search path leads it to others.
CREATE FUNCTION "find_events"("workspace" text, "query" tsquery) RETURNS "found_event"[]
    LANGUAGE sql STABLE SECURITY DEFINER
    RETURN (
        WITH mine AS (
            SELECT string_agg('''' || c."id" || '''', '|')::tsquery && "query" AS words FROM "calendars" c
            WHERE c."workspace_id" = "workspace"
                AND (current_setting('role') <> 'almanac_tenant' OR "workspace" = current_setting('almanac.workspace_id', true))
        )
        SELECT array_agg(ROW(e."calendar_id", e."google_event_id", coalesce(e."series_id", e."google_event_id"))::"found_event")
        FROM mine, "calendar_events" e
        WHERE "event_words"(e."calendar_id", e."resource") @@ mine.words AND e."status" <> 'cancelled'
    );

REVOKE EXECUTE ON FUNCTION "find_events" FROM PUBLIC;
