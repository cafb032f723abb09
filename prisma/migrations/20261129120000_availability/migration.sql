-- A workspace lets another one read its busy times. There is no foreign key to the reader: whether it exists would show.
CREATE TABLE "availability_permits" (
    "workspace_id" TEXT NOT NULL,
    "reader_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "availability_permits_pkey" PRIMARY KEY ("workspace_id", "reader_id"),
    CONSTRAINT "availability_permits_reader_check" CHECK (
        "reader_id" ~ '^[A-Za-z0-9_-]{1,64}$' AND "reader_id" <> "workspace_id")
);

-- AddForeignKey
ALTER TABLE "availability_permits" ADD CONSTRAINT "availability_permits_workspace_id_fkey"
    FOREIGN KEY ("workspace_id") REFERENCES "workspaces"("id") ON DELETE CASCADE ON UPDATE CASCADE;

ALTER TABLE "availability_permits" ENABLE ROW LEVEL SECURITY;
CREATE POLICY "workspace" ON "availability_permits"
    USING ((SELECT current_user) <> 'almanac_tenant' OR "workspace_id" = (SELECT current_setting('almanac.workspace_id', true)));

-- The only way over the wall between workspaces: busy times, planned blocks, hours and proofs of several workspaces, of
-- one snapshot. It runs with the rights of the tables' owner, so what it returns is all that can be reached.
--   reader: workspace that asks. It gets its own rows in full, and of those that permit it busy times and one proof
--     without any ID. Null: all workspaces in full, for workers, commands and admin keys.
--   from_instants, until_instants: half-open windows that do not overlap.
--   at: the time, which decides what has begun.
--   most_rows: busy times to read in all. One more shows that there are more.
-- Workspaces that do not exist, or permit nothing, have no row. `busy` is a list of milliseconds: start, end, start, …
CREATE FUNCTION "read_availability"(
    workspace_ids TEXT[], from_instants TIMESTAMPTZ[], until_instants TIMESTAMPTZ[], at TIMESTAMPTZ, most_rows INTEGER,
    reader TEXT)
RETURNS TABLE (
    workspace_id TEXT, time_zone TEXT, own BOOLEAN, hours TEXT, calendars TEXT, never_listed BOOLEAN, busy TEXT, blocks TEXT,
    busy_rows INTEGER)
LANGUAGE sql STABLE SECURITY DEFINER
-- Compiling would take longer than running.
SET jit = off
AS $function$
    WITH asked AS MATERIALIZED (
        SELECT w.id, w.time_zone, reader IS NULL OR w.id = reader AS own
        FROM workspaces w
        WHERE w.id = ANY (workspace_ids) AND (reader IS NULL OR w.id = reader OR EXISTS (
            SELECT FROM availability_permits p WHERE p.workspace_id = w.id AND p.reader_id = reader))
    ), windows AS MATERIALIZED (
        SELECT s.begins, s.ends FROM unnest(from_instants, until_instants) AS s(begins, ends)
    ), reach AS MATERIALIZED (
        SELECT min(begins) AS begins, max(ends) AS ends FROM windows
    ), planned AS MATERIALIZED (
        SELECT b.workspace_id, b.id, b.start_at, b.end_at, b.calendar_id, b.google_event_id, c.google_calendar_id,
            coalesce(c.enabled, false) AS mirrored, b.pinned_because IS NOT DISTINCT FROM 'meeting' AS meeting,
            -- As `readCurrentBlocks` has it: which blocks take up time.
            CASE
                WHEN b.status = 'planned' THEN b.start_at > at
                WHEN b.status IN ('writing', 'written') THEN true
                ELSE b.status = 'released' AND b.start_at <= at
            END
                AND (coalesce(t.status = 'open', false) OR h.id IS NOT NULL
                    OR b.start_at <= at AND b.pinned_because IS DISTINCT FROM 'meeting') AS takes_time,
            b.pinned_because IS NULL AND b.status <> 'released'
                AND b.start_at > at + make_interval(mins => coalesce(p.freeze_minutes, 120))
                AND coalesce(t.status = 'open' AND t.auto_schedule OR h.auto_schedule, false) AS movable
        FROM asked w
        JOIN scheduled_blocks b ON b.workspace_id = w.id
        LEFT JOIN calendars c ON c.id = b.calendar_id
        LEFT JOIN tasks t ON t.id = b.task_id
        LEFT JOIN habits h ON h.id = b.habit_id
        LEFT JOIN schedule_policies p ON p.workspace_id = w.id
        -- A block of more than a month is none that Almanac has made: its event counts, as the mirror has it.
        WHERE b.start_at > (SELECT begins FROM reach) - interval '31 days' AND b.start_at < (SELECT ends FROM reach)
            AND EXISTS (SELECT FROM windows s WHERE b.start_at < s.ends AND b.end_at > s.begins)
    ), standing AS MATERIALIZED (
        -- A block whose event the mirror has elsewhere was moved by a person: the event counts, where it is.
        SELECT * FROM planned b
        WHERE b.takes_time AND (NOT b.mirrored OR coalesce((
            SELECT bool_or(coalesce(e.start_at = b.start_at AND e.end_at = b.end_at, false))
            FROM workspace_calendar_events e
            WHERE e.calendar_id = b.calendar_id AND e.source_event_id = b.google_event_id), true))
    ), taken AS MATERIALIZED (
        SELECT t.workspace_id, round(date_part('epoch', t.start_at) * 1000)::bigint AS start_ms,
            round(date_part('epoch', t.end_at) * 1000)::bigint AS end_ms
        FROM (
            SELECT o.workspace_id, o.start_at, o.end_at
            FROM asked w
            CROSS JOIN windows s
            CROSS JOIN LATERAL (
                SELECT e.workspace_id, e.calendar_id, e.google_event_id, e.start_at, e.end_at,
                    e.original_start_at IS NOT NULL AS repeats
                FROM workspace_calendar_events e
                WHERE e.workspace_id = w.id AND NOT e.all_day AND e.busy
                    AND e.start_at > s.begins - interval '24 hours' AND e.start_at < s.ends AND e.end_at > s.begins
                UNION ALL
                SELECT e.workspace_id, e.calendar_id, e.google_event_id, e.start_at, e.end_at, e.original_start_at IS NOT NULL
                FROM workspace_calendar_events e
                -- An expression instead of the column, so that the planner uses the small index.
                WHERE e.workspace_id = w.id AND NOT e.all_day AND e.busy AND e.end_at - e.start_at > interval '24 hours'
                    AND e.end_at > s.begins AND (e.start_at + interval '0') <= s.begins - interval '24 hours'
                UNION ALL
                SELECT e.workspace_id, e.calendar_id, e.google_event_id, e.start_date::timestamp AT TIME ZONE w.time_zone,
                    e.end_date::timestamp AT TIME ZONE w.time_zone, e.original_start_date IS NOT NULL
                FROM workspace_calendar_events e
                WHERE e.workspace_id = w.id AND e.all_day AND e.busy
                    AND e.start_date <= (s.ends AT TIME ZONE w.time_zone)::date
                    AND e.end_date >= (s.begins AT TIME ZONE w.time_zone)::date
            ) o
            JOIN calendars c ON c.id = o.calendar_id AND c.enabled
            -- The event of a block is not counted beside it. NOT IN looks up a hash, whatever number of blocks is expected.
            WHERE o.end_at > o.start_at
                AND (o.workspace_id, o.google_event_id, c.google_calendar_id, o.start_at, o.end_at) NOT IN (
                    SELECT b.workspace_id, b.google_event_id, b.google_calendar_id, b.start_at, b.end_at
                    FROM planned b
                    WHERE b.takes_time AND b.google_event_id IS NOT NULL AND b.google_calendar_id IS NOT NULL)
                -- Nor that of a block which is about to be removed, unless a person has made it repeat or a meeting.
                AND (o.repeats OR (o.workspace_id, o.google_event_id, c.google_calendar_id, o.start_at, o.end_at) NOT IN (
                    SELECT b.workspace_id, b.google_event_id, b.google_calendar_id, b.start_at, b.end_at
                    FROM planned b
                    WHERE NOT b.meeting AND b.google_event_id IS NOT NULL AND b.google_calendar_id IS NOT NULL))
            UNION ALL
            SELECT b.workspace_id, b.start_at, b.end_at
            FROM standing b JOIN asked w ON w.id = b.workspace_id
            WHERE NOT (b.movable AND w.own)
        ) t
        LIMIT most_rows + 1
    ), busy_lists AS (
        SELECT t.workspace_id, '[' || string_agg(t.start_ms || ',' || t.end_ms, ',') || ']' AS list, count(*)::integer AS number
        FROM taken t GROUP BY t.workspace_id
    )
    SELECT w.id, w.time_zone, w.own,
        (SELECT json_agg(json_build_object('type', h.type, 'weekday', h.weekday, 'blocks', h.blocks))::text
            FROM calendar_hours h WHERE h.workspace_id = w.id AND h.type = 'work'),
        CASE WHEN w.own THEN counted.list ELSE counted.proof END,
        EXISTS (
            SELECT FROM calendar_auth_tokens a
            WHERE a.workspace_id = w.id AND a.status <> 'disconnected' AND a.calendar_list_synced_at IS NULL),
        l.list,
        CASE WHEN w.own THEN (
            SELECT json_agg(json_build_array(b.id, round(date_part('epoch', b.start_at) * 1000)::bigint,
                round(date_part('epoch', b.end_at) * 1000)::bigint))::text
            FROM standing b WHERE b.workspace_id = w.id AND b.movable) END,
        coalesce(l.number, 0)
    FROM asked w
    LEFT JOIN busy_lists l ON l.workspace_id = w.id
    CROSS JOIN LATERAL (
        SELECT json_agg(json_build_object('id', each.id, 'provenAt', each.proven_ms, 'gap', each.gap))::text AS list,
            -- One entry without an ID, so that not even the number of calendars shows.
            CASE WHEN count(*) > 0 THEN json_build_array(json_build_object(
                'provenAt', CASE WHEN count(*) = count(each.proven_ms) THEN min(each.proven_ms) END,
                'gap', CASE WHEN count(each.gap) > 0 THEN 'incomplete' END))::text END AS proof
        FROM (
            SELECT c.id, round(date_part('epoch', s.proven_at) * 1000)::bigint AS proven_ms,
                CASE
                    WHEN a.status = 'needs_reconnect' THEN 'needsReconnect'
                    WHEN c.status = 'inaccessible' THEN 'inaccessible'
                    WHEN s.proven_at IS NULL THEN 'neverSynced'
                    WHEN c.missing_since IS NOT NULL THEN 'missing'
                    WHEN s.horizon_from > (SELECT begins FROM reach) OR s.horizon_to < (SELECT ends FROM reach)
                        THEN 'outsideHorizon'
                    WHEN cardinality(s.unreadable_ids) > 0 OR EXISTS (
                        SELECT FROM calendar_events e WHERE e.calendar_id = c.id AND e.too_costly) THEN 'leftOut'
                END AS gap
            FROM calendars c
            JOIN calendar_auth_tokens a ON a.id = c.account_id
            LEFT JOIN calendar_sync_states s ON s.calendar_id = c.id
            WHERE c.workspace_id = w.id AND c.enabled AND c.takes_time AND c.status <> 'removed'
            ORDER BY c.id
        ) each
    ) counted
$function$;

-- What a workspace may read: what `almanac.workspace_id` says that it is. Without the setting, nothing.
CREATE FUNCTION "read_permitted_availability"(
    workspace_ids TEXT[], from_instants TIMESTAMPTZ[], until_instants TIMESTAMPTZ[], at TIMESTAMPTZ, most_rows INTEGER)
RETURNS TABLE (
    workspace_id TEXT, time_zone TEXT, own BOOLEAN, hours TEXT, calendars TEXT, never_listed BOOLEAN, busy TEXT, blocks TEXT,
    busy_rows INTEGER)
LANGUAGE sql STABLE SECURITY DEFINER
AS $function$
    SELECT * FROM read_availability(workspace_ids, from_instants, until_instants, at, most_rows,
        coalesce(current_setting('almanac.workspace_id', true), ''))
$function$;

-- Only those whom `almanac migrate` then permits. It also fixes the search path of both functions, first of all, so that
-- no object of a caller takes the place of a table.
REVOKE ALL ON FUNCTION "read_availability" FROM PUBLIC;
REVOKE ALL ON FUNCTION "read_permitted_availability" FROM PUBLIC;
