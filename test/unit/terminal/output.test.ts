import { afterEach, describe, expect, it, vi } from 'vitest';
import { printHint, printJson, printLine, printTable, toJson } from '../../../terminal/output.ts';
import { emailSchema } from '../../../services/input.ts';
import { titleSchema } from '../../../services/planning/fields.ts';

/** A title of a window, a bell, a line that is erased, one that C1 begins, and text that runs backwards. */
const STEERING = [
  '\u001b]0;owned\u0007',
  '\u0007',
  '\u001b[2K\r',
  '\u009b2J',
  '\u007f',
  '\u202egnp.exe',
  '\u2066hidden\u2069',
  '\ufeff',
];
const printed: string[] = [];

afterEach(() => {
  vi.restoreAllMocks();
  printed.length = 0;
});

function listen(): void {
  const write = (text: unknown) => {
    printed.push(String(text));
    return true;
  };
  vi.spyOn(process.stdout, 'write').mockImplementation(write);
  vi.spyOn(process.stderr, 'write').mockImplementation(write);
}

/** Control characters of a text, except line breaks. */
const unprintable = () => /[^\P{C}\n]/u.exec(printed.join(''))?.[0];

describe('what the command line prints of others', () => {
  it.each(STEERING)('steers no terminal: %j', async (text) => {
    listen();
    printLine(`Account ${text}ada@example.com is disconnected.`);
    printHint(`Account ${text} is gone.`);
    printJson({ [`name${text}`]: [text] });
    await printTable(['title'], [[`Plan ${text}`]], 'None.');
    expect(unprintable()).toBeUndefined();
    expect(printed.join('')).toContain('ada@example.com');
  });

  it('is the same data as JSON, in the same lines', () => {
    const value = { title: STEERING.join(' '), flag: '\u{e0001}', plain: 'Ärger 👩‍👩‍👧 日本' };
    expect(JSON.parse(toJson(value, 2))).toEqual(value);
    expect(toJson({ a: 1, b: [2] }, 2)).toBe(JSON.stringify({ a: 1, b: [2] }, null, 2));
  });

  it('keeps our own colours and line breaks', () => {
    listen();
    printLine('\u001b[31mred\u001b[39m\nnext');
    expect(printed).toEqual(['\u001b[31mred\u001b[39m\nnext\n']);
  });
});

describe('what others may be called', () => {
  it.each(STEERING)('is no address with %j', (text) => {
    expect(emailSchema.safeParse(`a${text}b@example.com`).success).toBe(false);
    expect(emailSchema.safeParse(`a@exam${text}ple.com`).success).toBe(false);
  });

  it.each(['ada@example.com', "o'brien+x@example.com", 'jörg@münchen.example'])(
    'is an address: %s',
    (address) => {
      expect(emailSchema.parse(address)).toBe(address);
    },
  );

  it.each(['\u0000', '\u001b', '\u0007', '\u0008', '\u007f', '\u009b', '\ud800'])(
    'is no title with %j',
    (text) => {
      expect(titleSchema.safeParse(`Plan ${text} now`).success).toBe(false);
    },
  );

  it('is a title with line breaks, tabs and every script', () => {
    const title = 'Plan\r\n\tB 👩‍👩‍👧 ﷽ \u202e';
    expect(titleSchema.parse(title)).toBe(title);
  });
});
