"""Expands recurrence rules with dateutil: JSON lines of cases on stdin, one JSON line of starts for each on stdout."""

import json
import sys
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rruleset, rrulestr


def parse(text):
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)


def up_to(rule, end):
    """A rule without occurrences would be followed up to the year 10000, where dateutil fails."""
    try:
        for one in rule:
            if one > end:
                return
            yield one
    except ValueError:
        return


def starts(case):
    zone = ZoneInfo(case["timeZone"])
    end = parse(case["to"])
    first = parse(case["start"]).astimezone(zone)
    rules = rruleset()
    for text in case["rules"]:
        rules.rrule(up_to(rrulestr(text, dtstart=first), end))
    for text in case["excludingRules"]:
        rules.exrule(up_to(rrulestr(text, dtstart=first), end))
    for text in case["exclusions"]:
        rules.exdate(parse(text).astimezone(zone))
    for text in case["additions"]:
        rules.rdate(parse(text).astimezone(zone))
    rules.rdate(first)
    found = rules.between(parse(case["from"]), end, inc=True)
    return sorted({one.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for one in found})


for line in sys.stdin:
    print(json.dumps(starts(json.loads(line))))
