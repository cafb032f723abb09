-- Whether the events of a calendar take up time at all. No column is named, because `takes_time` is generated.
CREATE CONSTRAINT TRIGGER "calendar_takes_time" AFTER UPDATE ON "calendars"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    WHEN ((OLD."enabled" AND OLD."takes_time" AND OLD."status" <> 'removed')
        <> (NEW."enabled" AND NEW."takes_time" AND NEW."status" <> 'removed'))
    EXECUTE FUNCTION "note_workspace_change"('availability.changed', 'calendarId', '$.id');
CREATE CONSTRAINT TRIGGER "calendar_takes_no_time" AFTER DELETE ON "calendars"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."enabled" AND OLD."takes_time" AND OLD."status" <> 'removed')
    EXECUTE FUNCTION "note_workspace_change"('availability.changed', 'calendarId', '$.id');

-- Which events of every calendar leave time free, and when the days of all-day events begin.
CREATE CONSTRAINT TRIGGER "busy_rule_made" AFTER INSERT ON "schedule_policies"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW."free_traits" <> '{}')
    EXECUTE FUNCTION "note_workspace_change"('availability.changed');
CREATE CONSTRAINT TRIGGER "busy_rule_changed" AFTER UPDATE OF "free_traits" ON "schedule_policies"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."free_traits" <> NEW."free_traits")
    EXECUTE FUNCTION "note_workspace_change"('availability.changed');
CREATE CONSTRAINT TRIGGER "time_zone_changed" AFTER UPDATE OF "time_zone" ON "workspaces"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD."time_zone" <> NEW."time_zone")
    EXECUTE FUNCTION "note_workspace_change"('availability.changed');
