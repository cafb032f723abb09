/** Largest answer to one read, for any number of rows asked for. A single row may be larger. */
export const MOST_PAGE_BYTES = 4 * 1_024 * 1_024;

/** Form of a workspace ID, which the embedding product chooses. */
export const WORKSPACE_ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Most calendars that one request may name. */
export const MAX_CALENDAR_IDS = 1_000;
/** Most workspaces that one request may name. */
export const MAX_WORKSPACE_IDS = 1_000;

/** Greatest age that a caller may allow the proof of an answer, in seconds. */
export const MOST_PROOF_AGE_SECONDS = 86_400;

/** Most occurrences of a calendar feed; the first ones in time. */
export const MAX_FEED_OCCURRENCES = 5_000;
/** Range of a calendar feed, in days from now. */
export const FEED_DAYS = { back: 30, ahead: 365 } as const;

/** Bounds of templates: their number, what one makes, and its days from the start. */
export const MOST_TEMPLATES = 1_000;
export const MOST_TEMPLATE_TASKS = 100;
export const MOST_TEMPLATE_HABITS = 50;
export const MOST_TEMPLATE_DAYS = 3_650;

/** Most writes of one request. */
export const MAX_WRITES_PER_BATCH = 500;
/** Most writes of a workspace that are not finished yet. */
export const MAX_UNFINISHED_WRITES = 2_000;
/** Most guests of an event that is written: Google's limit without a group. */
export const MAX_ATTENDEES = 200;

/** Most changes of one delivery, and most bytes of its events, unless a single one has more. */
export const MAX_CHANGES_PER_DELIVERY = 500;
export const MOST_DELIVERY_BYTES = 1_024 * 1_024;
/** How far ahead a subscription asks for changes of occurrences, in days. */
export const DEFAULT_OCCURRENCE_DAYS = 14;
export const MAX_OCCURRENCE_DAYS = 60;
/** Most changes of a calendar's occurrences that a commit names one by one. Of more it tells the span. */
export const MAX_NAMED_OCCURRENCES = 500;
/** Latest attempts of a subscription that are listed. */
export const MAX_LOGGED_DELIVERIES = 1_000;
/** Longest time that a replaced secret of a subscription stays valid, in hours. */
export const MOST_SECRET_OVERLAP_HOURS = 168;

/** Most events changed since a moment for which time travel still shows that moment. */
export const MAX_PAST_EVENTS = 10_000;
/** Longest range that time travel shows at once, in days. */
export const MAX_PAST_RANGE_DAYS = 92;
/** Most differences between a past moment and the present in one answer. */
export const MAX_PAST_DIFFERENCES = 1_000;

/** Bounds of one question for availability: workspaces, windows and their days in sum, and slots. */
export const MOST_AVAILABILITY_WORKSPACES = 50;
export const MOST_AVAILABILITY_WINDOWS = 10;
export const MOST_AVAILABILITY_DAYS = 92;
export const MOST_SLOTS = 200;
/** Busy times that are read for it. An answer with so many, none of which can be merged, has three megabytes. */
export const MOST_BUSY_TIMES = 50_000;

/** Most days of usage that are read at once: of one workspace, as long as they are kept, and of all. */
export const MOST_USAGE_DAYS = { ofOne: 400, ofAll: 31 } as const;

/** Most items of each list of an agenda. */
export const MAX_AGENDA_ITEMS = 200;

/** Bounds of a weekly summary: habits, events that take up time, and the shortest stretch of focus time. */
export const MAX_SUMMARY_HABITS = 200;
export const MOST_SUMMARY_EVENTS = 10_000;
export const FOCUS_MINUTES = 60;

/** Range of days that a plan may cover. */
export const FEWEST_PLAN_DAYS = 7;
export const MOST_PLAN_DAYS = 90;
/** Every block's start and length are multiples of this. */
export const STEP_MINUTES = 5;
export const GRANULARITIES_MINUTES = [5, 10, 15, 30] as const;
/** Longest task: no window that the planner searches is longer. */
export const MAX_TASK_MINUTES = 100_000;
export const MAX_BUFFER_MINUTES = 240;
export const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const;

/** Longest time that a worker waits for its activities after SIGTERM, in milliseconds. */
export const WORKER_SHUTDOWN_MS = 40_000;

/** Largest input of a Nexus operation, in bytes of JSON. */
export const MOST_NEXUS_INPUT_BYTES = 65_536;
