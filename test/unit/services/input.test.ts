import { describe, expect, it } from 'vitest';
import { InvalidInputError } from '../../../services/errors.ts';
import {
  emailSchema,
  parseInput,
  refreshTokenSchema,
  timeSchema,
  timeZoneSchema,
  toInstant,
  workspaceIdSchema,
} from '../../../services/input.ts';

describe('workspace IDs', () => {
  it.each(['a', 'acme-1_B', 'x'.repeat(64)])('accepts %s', (id) => {
    expect(parseInput(workspaceIdSchema, id)).toBe(id);
  });

  it.each(['', 'a/b', 'a b', 'ä', 'x'.repeat(65), 'a\n'])('refuses %j', (id) => {
    expect(() => parseInput(workspaceIdSchema, id, 'workspace')).toThrow(
      'workspace must be 1 to 64 letters, digits, hyphens or underscores.',
    );
  });
});

describe('time zones', () => {
  it.each(['Europe/Berlin', 'UTC', 'Etc/GMT+5', 'America/Argentina/Buenos_Aires', 'Asia/Calcutta'])(
    'accepts %s',
    (zone) => {
      expect(parseInput(timeZoneSchema, zone)).toBe(zone);
    },
  );

  it.each(['Mars/Olympus', '+01:00', '', 'Europe/Berlin ', 'CEST+1'])('refuses %j', (zone) => {
    expect(() => parseInput(timeZoneSchema, zone)).toThrow(InvalidInputError);
  });
});

describe('times', () => {
  it('takes a date as midnight in the zone', () => {
    expect(toInstant('2026-07-01', 'Europe/Berlin').toString()).toBe('2026-06-30T22:00:00Z');
  });

  it('takes an instant with an offset as it is', () => {
    expect(toInstant('2026-07-01T09:00:00+02:00', 'America/New_York').toString()).toBe(
      '2026-07-01T07:00:00Z',
    );
  });

  it.each(['2026-02-30', '2026-01-05T09:00', 'tomorrow', '', '2026-1-5', '2026-01-05T25:00:00Z'])(
    'refuses %j',
    (time) => {
      expect(() => parseInput(timeSchema, time, 'from')).toThrow(
        'from must be an instant like 2026-01-05T09:00:00Z or a date like 2026-01-05.',
      );
    },
  );
});

describe('accounts', () => {
  it('takes an address in lower case, however it is typed', () => {
    expect(parseInput(emailSchema, ' Ada@Example.COM ')).toBe('ada@example.com');
  });

  it.each(['ada', 'a\u0000@b', 'a@b@c', 'a b@c', '@c', `${'a'.repeat(250)}@example.com`])(
    'refuses %j',
    (email) => {
      expect(() => parseInput(emailSchema, email)).toThrow(InvalidInputError);
    },
  );

  it('never repeats a refresh token that it refuses', () => {
    const secret = '1//0g very secret';
    const refuse = () => parseInput(refreshTokenSchema, secret, 'refreshToken');
    expect(refuse).toThrow('refreshToken must be one word without spaces.');
    expect(refuse).not.toThrow('secret');
  });
});
