"""Free time and habit days of a plan's input, in ticks of five minutes since the window's first midnight."""

import math
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

TICK_MINUTES = 5
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


def instant(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(timezone.utc)


class CivilTime:
    def __init__(self, data):
        self.zone = ZoneInfo(data["timeZone"])
        self.now = instant(data["now"])
        self.first_day = self.now.astimezone(self.zone).date()
        self.days = [self.first_day + timedelta(days=n) for n in range(data["days"])]
        self.origin = self.midnight(self.first_day)
        self.grid = data["granularityMinutes"] // TICK_MINUTES
        self.end = self.floor_tick(self.midnight(self.first_day + timedelta(days=data["days"])))

    def local(self, day: date, clock: str):
        """An instant from a wall clock; `24:00` is the next midnight."""
        hour, minute = map(int, clock.split(":"))
        if hour == 24:
            day, hour = day + timedelta(days=1), 0
        return datetime.combine(day, time(hour, minute), self.zone).astimezone(timezone.utc)

    def midnight(self, day: date):
        return self.local(day, "00:00")

    def minutes(self, moment: datetime):
        return (moment - self.origin).total_seconds() / 60

    def floor_tick(self, moment: datetime):
        return math.floor(self.minutes(moment) / TICK_MINUTES)

    def ceil_tick(self, moment: datetime):
        return math.ceil(self.minutes(moment) / TICK_MINUTES)

    def ceil_grid(self, tick: int):
        return -(-tick // self.grid) * self.grid

    def text(self, tick: int):
        moment = self.origin + timedelta(minutes=tick * TICK_MINUTES)
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def merged(spans):
    result = []
    for start, end in sorted(spans):
        if end <= start:
            continue
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def minus(spans, holes):
    result = []
    for start, end in spans:
        for hole_start, hole_end in holes:
            if hole_end <= start or hole_start >= end:
                continue
            result.append((start, hole_start))
            start = hole_end
        result.append((start, end))
    return [(start, end) for start, end in result if start < end]


def free_time(data, civil: CivilTime):
    """Per hours type, what neither busy time nor a pinned block takes, from now on."""
    buffer = timedelta(minutes=data["policy"]["bufferMinutes"])
    taken = [tuple(span) for span in data["busy"]]
    taken += [(block["start"], block["end"]) for block in data["current"] if block["pinned"]]
    taken = merged(
        (civil.floor_tick(instant(start) - buffer), civil.ceil_tick(instant(end) + buffer)) for start, end in taken
    )
    earliest = civil.ceil_grid(civil.ceil_tick(civil.now))
    free = {}
    for name, week in data["hours"].items():
        opened = []
        # Yesterday's hours may run over midnight into the window.
        for day in [civil.first_day - timedelta(days=1), *civil.days]:
            for start, end in week.get(WEEKDAYS[day.weekday()], []):
                last_day = day + timedelta(days=1) if end <= start else day
                opened.append((civil.ceil_tick(civil.local(day, start)), civil.floor_tick(civil.local(last_day, end))))
        window = [(max(start, earliest), min(end, civil.end)) for start, end in merged(opened)]
        free[name] = minus([span for span in window if span[0] < span[1]], taken)
    return free


def habit_days(habit, civil: CivilTime):
    first = datetime.fromisoformat(habit["startDate"])
    last = datetime.combine(civil.days[-1], time())
    rule = rrulestr(habit["rrule"], dtstart=first)
    skipped = set(habit["skippedDates"])
    named = {moment.date() for moment in rule.between(first, last, inc=True)}
    return [day for day in civil.days if day in named and day.isoformat() not in skipped]
