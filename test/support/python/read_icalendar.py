"""Reads an iCalendar text on stdin with Python's icalendar; prints its events as one JSON list."""

import json
import sys
from datetime import datetime, timezone

from icalendar import Calendar


def moment(value):
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")
    return value.isoformat()


def text(event, name):
    return None if event.get(name) is None else str(event.get(name))


events = []
for event in Calendar.from_ical(sys.stdin.buffer.read()).walk("VEVENT"):
    start = event.decoded("DTSTART")
    events.append(
        {
            "uid": text(event, "UID"),
            "start": moment(start),
            "end": moment(event.decoded("DTEND")),
            "allDay": not isinstance(start, datetime),
            "summary": text(event, "SUMMARY"),
            "description": text(event, "DESCRIPTION"),
            "location": text(event, "LOCATION"),
            "transparent": text(event, "TRANSP") == "TRANSPARENT",
        }
    )
print(json.dumps(events))
