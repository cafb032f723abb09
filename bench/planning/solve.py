"""Plans one input with CP-SAT: the objective of the planner level by level, each fixed before the next.

Reads {"input": …, "hint": blocks, "seconds": s, "workers": n} on stdin, where the input has every default filled in, and writes
{"blocks", "levels": [{status, seconds}]}. Knows neither pinned habits nor maxMinutesPerDay.
"""

import json
import sys
import time

from ortools.sat.python import cp_model

from civil_time import TICK_MINUTES, CivilTime, free_time, habit_days, instant

WEIGHT = {"critical": 8, "high": 4, "normal": 2, "low": 1}
PREFERENCE = {"morning": "06:00", "afternoon": "12:00", "evening": "17:00", "night": "21:00"}
PREFERENCE_END = {"morning": "12:00", "afternoon": "17:00", "evening": "21:00", "night": "24:00"}
DAY_MINUTES = 1440
HOUR_MINUTES = 60
# Of the time that is left; a level that is proven sooner leaves its rest to the next.
SHARE_OF_LEVEL = [0.6, 0.4, 0.4, 0.5, 1.0]


class Item:
    """A block that may be placed: one chunk of a task, or a habit's occurrence."""

    def __init__(self, model, name, kind, ref, free, civil, least, most, not_before=0, not_after=None):
        latest = civil.end if not_after is None else not_after
        starts = [
            start
            for span_start, span_end in free
            for start in range(civil.ceil_grid(max(span_start, not_before)), min(span_end - least + 1, latest), civil.grid)
        ]
        self.kind, self.ref, self.starts = kind, ref, set(starts)
        self.present = model.new_bool_var(f"{name} present")
        if not starts:
            model.add(self.present == 0)
        self.start = model.new_int_var_from_domain(cp_model.Domain.from_values(starts or [0]), f"{name} start")
        self.size = model.new_int_var(least, most, f"{name} size")
        self.end = model.new_int_var(0, civil.end, f"{name} end")
        self.interval = model.new_optional_interval_var(self.start, self.size, self.end, self.present, name)
        # Minutes count only when the block is there.
        self.placed = model.new_int_var(0, most, f"{name} placed")
        model.add(self.placed == self.size).only_enforce_if(self.present)
        model.add(self.placed == 0).only_enforce_if(~self.present)


def chunk_limits(task, left):
    """(least, most, chunks, remainder): `remainder` when the minutes cannot be divided into chunks of legal length."""
    if not task["splittable"]:
        return left, left, 1, False
    least, most = task["minChunkMinutes"] // TICK_MINUTES, task["maxChunkMinutes"] // TICK_MINUTES
    full = left // most
    remainder = left % most > 0 and (full + 1) * least > left
    return least, most, full + 1 if remainder else left // least, remainder


class Planner:
    def __init__(self, data):
        self.data, self.model = data, cp_model.CpModel()
        self.civil = CivilTime(data)
        self.free = free_time(data, self.civil)
        self.items, self.by_type = [], {}
        self.on_time, self.late, self.spread = [], [], []
        self.chunks_of, self.complete = {}, {}
        for task in data["tasks"]:
            self.add_task(task)
        for task in data["tasks"]:
            self.add_dependencies(task)
        for habit in data["habits"]:
            self.add_habit(habit)
        self.forbid_overlaps()
        self.moved = self.count_moved()

    def add_item(self, hours, *arguments, **options):
        item = Item(self.model, *arguments, **options)
        self.items.append(item)
        self.by_type.setdefault(hours, []).append(item)
        return item

    def add_task(self, task):
        model, civil = self.model, self.civil
        pinned = sum(
            (instant(block["end"]) - instant(block["start"])).total_seconds() / 60
            for block in self.data["current"]
            if block["pinned"] and block["refId"] == task["id"]
        )
        left = int((task["durationMinutes"] - task["doneMinutes"] - pinned) // TICK_MINUTES)
        self.chunks_of[task["id"]] = []
        if left <= 0:
            self.complete[task["id"]] = 1
            return
        least, most, count, remainder = chunk_limits(task, left)
        earliest = civil.ceil_tick(instant(task["earliestStart"])) if task["earliestStart"] else 0
        free = self.free.get(task["hours"], [])
        chunks = [
            self.add_item(
                task["hours"], f"{task['id']}/{n}", "task", task["id"], free, civil,
                1 if remainder else least, min(most, left), not_before=earliest,
            )
            for n in range(count)
        ]  # fmt: skip
        self.chunks_of[task["id"]] = chunks
        total = sum(chunk.placed for chunk in chunks)
        model.add(total <= left)
        done = self.complete[task["id"]] = model.new_bool_var(f"{task['id']} complete")
        model.add(total >= left).only_enforce_if(done)
        for chunk, following in zip(chunks, chunks[1:]):
            model.add_implication(following.present, chunk.present)
            model.add(following.start >= chunk.end).only_enforce_if(following.present)
            if remainder:
                model.add(chunk.size >= min(least, left)).only_enforce_if(following.present)
        if remainder:
            # A chunk shorter than allowed is the last of a task that is placed in full.
            for chunk in chunks:
                long = model.new_bool_var("")
                model.add(chunk.size >= least).only_enforce_if(long)
                model.add_bool_or(long, done, ~chunk.present)
        for chunk in chunks:
            self.weigh_chunk(task, chunk)

    def weigh_chunk(self, task, chunk):
        model, weight = self.model, WEIGHT[task["priority"]]
        timely = chunk.placed
        if task["deadline"]:
            deadline = self.civil.floor_tick(instant(task["deadline"]))
            timely = model.new_int_var(0, self.civil.end, "timely")
            in_time = model.new_bool_var("in time")
            model.add(timely <= chunk.placed)
            model.add(timely <= deadline - chunk.start).only_enforce_if(in_time)
            model.add(timely == 0).only_enforce_if(~in_time)
        self.on_time.append(weight * timely)
        self.late.append(weight * (chunk.placed - timely))
        product = model.new_int_var(0, self.civil.end * self.civil.end, "minutes times start")
        model.add_multiplication_equality(product, [chunk.placed, chunk.start])
        self.spread.append(weight * product * TICK_MINUTES * TICK_MINUTES)

    def add_dependencies(self, task):
        for before in task["after"]:
            for chunk in self.chunks_of[task["id"]]:
                self.model.add(self.complete[before] == 1).only_enforce_if(chunk.present)
                for earlier in self.chunks_of[before]:
                    self.model.add(chunk.start >= earlier.end).only_enforce_if(chunk.present)

    def add_habit(self, habit):
        model, civil, weight = self.model, self.civil, WEIGHT[habit["priority"]]
        for day in habit_days(habit, civil):
            midnight = civil.ceil_tick(civil.midnight(day))
            next_midnight = civil.ceil_tick(civil.local(day, "24:00"))
            item = self.add_item(
                habit["hours"], f"{habit['id']} {day}", "habit", habit["id"], self.free.get(habit["hours"], []), civil,
                habit["minMinutes"] // TICK_MINUTES, habit["durationMinutes"] // TICK_MINUTES,
                not_before=midnight, not_after=next_midnight,
            )  # fmt: skip
            self.on_time.append(weight * item.placed)
            ideal = habit["idealTime"]
            wanted = (ideal, ideal) if ideal else None
            if not ideal and habit["preference"]:
                wanted = (PREFERENCE[habit["preference"]], PREFERENCE_END[habit["preference"]])
            if wanted:
                first, last = (civil.floor_tick(civil.local(day, clock)) for clock in wanted)
                distance = model.new_int_var(0, civil.end, "distance")
                model.add(distance >= item.start - last).only_enforce_if(item.present)
                model.add(distance >= first - item.start).only_enforce_if(item.present)
                self.spread.append(weight * distance * TICK_MINUTES * (DAY_MINUTES // HOUR_MINUTES))

    def forbid_overlaps(self):
        model, civil = self.model, self.civil
        buffer = -(-self.data["policy"]["bufferMinutes"] // TICK_MINUTES)
        model.add_no_overlap(
            model.new_optional_interval_var(item.start, item.size + buffer, item.end + buffer, item.present, "buffered")
            for item in self.items
        )
        for hours, items in self.by_type.items():
            spans = [(-1, 0), *self.free.get(hours, []), (civil.end, civil.end + 1)]
            closed = [
                model.new_fixed_size_interval_var(end, start - end, "closed")
                for (_, end), (start, _) in zip(spans, spans[1:])
                if start > end
            ]
            model.add_no_overlap([item.interval for item in items] + closed)

    def count_moved(self):
        moved = []
        for block in self.data["current"]:
            if block["pinned"]:
                continue
            start, end = (self.civil.floor_tick(instant(block[side])) for side in ("start", "end"))
            places = []
            for item in (item for item in self.items if item.ref == block["refId"] and start in item.starts):
                here = self.model.new_bool_var("kept")
                self.model.add_implication(here, item.present)
                self.model.add(item.start == start).only_enforce_if(here)
                self.model.add(item.end == end).only_enforce_if(here)
                places.append(here)
            kept = self.model.new_bool_var("kept")
            self.model.add_bool_or(*places, ~kept)
            frozen = instant(block["start"]).timestamp() < self.civil.now.timestamp() + 60 * self.data["policy"]["freezeMinutes"]
            if frozen:
                self.model.add(kept == 1)
            moved.append((end - start) * (1 - kept))
        return moved

    def levels(self):
        """Smaller is better in every one. The last, in days and in hours, is counted in minutes: whole numbers."""
        blocks = [item.present for item in self.items]
        return [-sum(self.on_time), -sum(self.late), sum(self.moved), sum(blocks), sum(self.spread)]

    def hint(self, blocks):
        """Has the solver start from a plan."""
        by_ref = {}
        for block in sorted(blocks, key=lambda block: block["start"]):
            by_ref.setdefault(block["refId"], []).append(block)
        for ref, hinted in by_ref.items():
            items = [item for item in self.items if item.ref == ref]
            for block in hinted:
                start, end = (self.civil.floor_tick(instant(block[side])) for side in ("start", "end"))
                item = next((item for item in items if start in item.starts), None)
                if item is None:
                    continue
                items.remove(item)
                self.model.add_hint(item.start, start)
                self.model.add_hint(item.size, end - start)
                self.model.add_hint(item.present, True)
            for item in items:
                self.model.add_hint(item.present, False)


def solve(request):
    planner = Planner(request["input"])
    planner.hint(request.get("hint") or [])
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = request["workers"]
    solver.parameters.random_seed = 1
    deadline = time.monotonic() + request["seconds"]
    reports, blocks = [], None
    for level, share in zip(planner.levels(), SHARE_OF_LEVEL):
        began = time.monotonic()
        solver.parameters.max_time_in_seconds = max(0.1, (deadline - began) * share)
        if isinstance(level, int):
            reports.append({"status": "OPTIMAL", "seconds": 0})
            continue
        planner.model.minimize(level)
        status = solver.solve(planner.model)
        reports.append({"status": solver.status_name(status), "seconds": round(time.monotonic() - began, 2)})
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            break
        blocks = [
            {
                "id": f"cp-{number}", "kind": item.kind, "refId": item.ref,
                "start": planner.civil.text(solver.value(item.start)),
                "end": planner.civil.text(solver.value(item.end)),
            }
            for number, item in enumerate(planner.items)
            if solver.boolean_value(item.present)
        ]  # fmt: skip
        planner.model.add(level <= round(solver.objective_value))
        planner.model.clear_hints()
        for item in planner.items:
            for variable in (item.start, item.size, item.present):
                planner.model.add_hint(variable, solver.value(variable))
    return {"blocks": blocks, "levels": reports}


if __name__ == "__main__":
    print(json.dumps(solve(json.load(sys.stdin))))
