-- Calendars that are added to a workspace or removed from it.
CREATE CONSTRAINT TRIGGER "calendar_added" AFTER INSERT ON "calendars"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."status" <> 'removed')
    EXECUTE FUNCTION "note_workspace_change"('calendar.added', 'calendarId', '$.id', 'accountId', '$.account_id');
CREATE CONSTRAINT TRIGGER "calendar_back" AFTER UPDATE OF "status" ON "calendars"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."status" = 'removed' AND NEW."status" <> 'removed')
    EXECUTE FUNCTION "note_workspace_change"('calendar.added', 'calendarId', '$.id', 'accountId', '$.account_id');
CREATE CONSTRAINT TRIGGER "calendar_removed" AFTER UPDATE OF "status" ON "calendars"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."status" <> 'removed' AND NEW."status" = 'removed')
    EXECUTE FUNCTION "note_workspace_change"('calendar.removed', 'calendarId', '$.id', 'accountId', '$.account_id');
CREATE CONSTRAINT TRIGGER "calendar_deleted" AFTER DELETE ON "calendars"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."status" <> 'removed')
    EXECUTE FUNCTION "note_workspace_change"('calendar.removed', 'calendarId', '$.id', 'accountId', '$.account_id');

-- Runs of the planner that have been applied. Their difference then holds the writes that were made.
CREATE CONSTRAINT TRIGGER "plan_applied" AFTER UPDATE OF "status" ON "schedule_runs"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."status" <> 'applied' AND NEW."status" = 'applied')
    EXECUTE FUNCTION "note_workspace_change"('plan.applied', 'runId', '$.id', 'undoOf', '$.undo_of',
        'created', '$.diff.created.size()', 'moved', '$.diff.moved.size()', 'deleted', '$.diff.deleted.size()');

-- Runs that have written to Google, whether they have come to their end or not. A semicolon is written as \x3B,
-- as in the migration before.
CREATE FUNCTION "note_changed_plan"() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    AS E'
    begin
        perform append_workspace_change(new.workspace_id, ''plan.changed'', jsonb_build_object(''runId'', new.id, ''status'', new.status))
        where exists (select from schedule_writes w where w.run_id = new.id and w.status = ''done'')\x3B
        return null\x3B
    end';

REVOKE EXECUTE ON FUNCTION "note_changed_plan" FROM PUBLIC;

CREATE CONSTRAINT TRIGGER "plan_changed" AFTER UPDATE OF "status" ON "schedule_runs"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."status" = 'applying' AND NEW."status" IN ('applied', 'failed'))
    EXECUTE FUNCTION "note_changed_plan"();
