#!/usr/bin/env node
import { existsSync } from 'node:fs';

const bootstrap = new URL('../dev/bootstrap/prepare.mjs', import.meta.url);
// A checkout builds itself when stale; an image ships the built files only.
if (existsSync(bootstrap)) {
  const { prepare } = await import(bootstrap.href);
  try {
    await prepare({ compile: true });
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
await import('../dist/program/main.js');
