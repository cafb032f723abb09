"""Mirrors Google calendars with gcal_sync. argv: origin of the API, refresh token, and a file where the store is kept;
without, it is kept in memory. Commands come as JSON lines on stdin, and each is answered by one JSON line on stdout:

{"op": "sync", "calendar": ID}                            brings the store up to date
{"op": "forget", "calendar": ID}                          empties the store
{"op": "resync", "calendar": ID}                          does so first
{"op": "items", "calendar": ID}                           what the store holds
{"op": "occurrences", "calendar": ID, "from": …, "to": …} what its timeline shows
{"op": "expand", "calendar": ID, "from": …, "to": …}      how long that takes
"""

import asyncio
import json
import os
import sys
import time
from datetime import datetime, timezone

import aiohttp
from gcal_sync.api import GoogleCalendarService
from gcal_sync.auth import AbstractAuth
from gcal_sync.exceptions import ApiException
from gcal_sync.store import CalendarStore, InMemoryCalendarStore
from gcal_sync.sync import CalendarEventSyncManager

ORIGIN, REFRESH_TOKEN = sys.argv[1:3]
CLIENT = {"client_id": "almanac-dev", "client_secret": "almanac-dev-secret"}
STORE_FILE = sys.argv[3] if len(sys.argv) > 3 else None


class Grant(AbstractAuth):
    """An access token from the refresh token, kept until it expires. gcal_sync leaves this to its users."""

    def __init__(self, session):
        super().__init__(session, f"{ORIGIN}/calendar/v3")
        self._session = session
        self._token = None
        self._expires_at = 0.0

    async def async_get_access_token(self):
        if self._token is None or time.monotonic() > self._expires_at:
            form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN, **CLIENT}
            async with self._session.post(f"{ORIGIN}/token", data=form, raise_for_status=True) as response:
                answer = await response.json()
            self._token = answer["access_token"]
            self._expires_at = time.monotonic() + answer["expires_in"] / 2
        return self._token


def instant(value):
    """A time as Almanac writes it: an instant of UTC, or a date."""
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return value.isoformat()


def stored_time(stored):
    if stored is None:
        return None
    moment = stored.get("date_time")
    return stored["date"] if moment is None else instant(datetime.fromisoformat(moment))


def item(stored):
    return {
        "id": stored["id"],
        "status": stored["status"],
        "summary": stored["summary"],
        "start": stored_time(stored["start"]),
        "end": stored_time(stored["end"]),
        "recurrence": stored["recurrence"],
        "seriesId": stored["recurring_event_id"],
        "originalStart": stored_time(stored["original_start_time"]),
    }


class FileStore(CalendarStore):
    """One JSON file that is replaced as a whole, as Home Assistant keeps it."""

    async def async_load(self):
        if not os.path.exists(STORE_FILE):
            return None
        with open(STORE_FILE, encoding="utf-8") as file:
            return json.load(file)

    async def async_save(self, data):
        with open(f"{STORE_FILE}.new", "w", encoding="utf-8") as file:
            json.dump(data, file)
        os.replace(f"{STORE_FILE}.new", STORE_FILE)


class Peer:
    """A mirrored calendar, with its own store and sync token."""

    def __init__(self, service):
        self._service = service
        self._stores = {}
        self._managers = {}

    def _manager(self, calendar):
        if calendar not in self._managers:
            # Without a store of ours, the manager keeps one in memory that cannot be read item by item.
            store = self._stores[calendar] = FileStore() if STORE_FILE else InMemoryCalendarStore()
            self._managers[calendar] = CalendarEventSyncManager(self._service, calendar, store)
        return self._managers[calendar]

    async def sync(self, calendar):
        manager = self._manager(calendar)
        started_at = time.perf_counter()
        await manager.run()
        return {"ms": (time.perf_counter() - started_at) * 1000}

    async def forget(self, calendar):
        self._manager(calendar)
        await self._stores[calendar].async_save({})
        return {}

    async def resync(self, calendar):
        await self.forget(calendar)
        return await self.sync(calendar)

    async def items(self, calendar):
        self._manager(calendar)
        scopes = await self._stores[calendar].async_load() or {}
        stored = scopes.get("event_sync", {}).get(calendar, {}).get("items", {})
        return [item(one) for one in stored.values()]

    async def _overlapping(self, calendar, window):
        timeline = await self._manager(calendar).store_service.async_get_timeline()
        begin, end = (datetime.fromisoformat(window[edge].replace("Z", "+00:00")) for edge in ("from", "to"))
        return timeline.overlapping(begin, end)

    async def occurrences(self, calendar, **window):
        return [
            {"summary": event.summary, "start": instant(event.start.value), "end": instant(event.end.value)}
            for event in await self._overlapping(calendar, window)
        ]

    async def expand(self, calendar, **window):
        started_at = time.perf_counter()
        for _ in await self._overlapping(calendar, window):
            pass
        return {"ms": (time.perf_counter() - started_at) * 1000}


async def main():
    async with aiohttp.ClientSession() as session:
        peer = Peer(GoogleCalendarService(Grant(session)))
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            command = json.loads(line)
            operation = command.pop("op")
            try:
                answer = await getattr(peer, operation)(**command)
            except ApiException as error:
                answer = {"error": str(error)}
            print(json.dumps(answer), flush=True)


asyncio.run(main())
