import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { keepMail } from '../../../dev/mail/keep-mails.ts';

const folder = mkdtempSync(join(tmpdir(), 'almanac-mails-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('keeps the latest fifty mails, for their owner alone', async () => {
  const files: string[] = [];
  for (let minute = 0; minute < 53; minute += 1)
    files.push(
      await keepMail(folder, Buffer.from(`mail ${minute}`), new Date(Date.UTC(2026, 0, 5, 9, minute))),
    );
  expect(
    readdirSync(folder)
      .map((name) => join(folder, name))
      .toSorted(),
  ).toEqual(files.slice(3));
  expect(statSync(files.at(-1)!).mode & 0o777).toBe(0o600);
});
