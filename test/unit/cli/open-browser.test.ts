import { describe, expect, it } from 'vitest';
import { hasBrowser } from '../../../cli/open-browser.ts';

describe('a browser', () => {
  it.each([
    ['linux with a display', { DISPLAY: ':0' }, 'linux', true],
    ['linux without one', {}, 'linux', false],
    ['macOS', {}, 'darwin', true],
    ['Windows', {}, 'win32', true],
    [
      'a shell on another machine',
      { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22', DISPLAY: ':0' },
      'linux',
      false,
    ],
  ] as const)('of %s', (_, variables, platform, expected) => {
    expect(hasBrowser(variables, platform)).toBe(expected);
  });
});
