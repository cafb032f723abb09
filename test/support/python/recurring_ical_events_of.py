"""Expands an iCalendar file (stdin) from argv[1] to argv[2] with recurring-ical-events: a JSON array of occurrences."""

import json
import sys
from datetime import datetime, timezone

import recurring_ical_events
from icalendar import Calendar


def text(value):
    if isinstance(value, datetime):
        if value.tzinfo is None:
            value = value.replace(tzinfo=timezone.utc)
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


begin, end = (datetime.fromisoformat(argument.replace("Z", "+00:00")) for argument in sys.argv[1:3])
calendar = Calendar.from_ical(sys.stdin.buffer.read())
found = recurring_ical_events.of(calendar).between(begin, end)
print(
    json.dumps(
        [
            {
                "uid": str(event["UID"]),
                "start": text(event.start),
                "end": text(event.end),
            }
            for event in found
        ]
    )
)
