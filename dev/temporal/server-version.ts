import { join } from 'node:path';
import envPaths from 'env-paths';

/** Temporal CLI 1.5.1: server 1.29.1, Web UI 2.42.1. The newest that `go install` can build. */
export const CLI_VERSION = '1.5.1';

/**
 * SHA-256 of the release archives by platform, pinned because an attacker who can replace an archive can also
 * replace the checksum list beside it. Other platforms are checked against that list.
 */
export const ARCHIVE_CHECKSUMS: Record<string, string> = {
  darwin_amd64: 'bbb73e2a31135abe50a1f1cdb35030c42961df618e8ce9c60ae89f201540c5d9',
  darwin_arm64: 'cca01b7ea35ad56e2a328d9ae596bf716bd22313ef63c7a761c88354457c2415',
  linux_amd64: 'ddc95e08b0b076efd4ea9733a3f488eb7d2be875f8834e616cd2a37358b4852d',
  linux_arm64: 'bd1b0db9f18b051026de8bf6cc1505f2510f14bbb7a8b9a4a91fff46c77454f5',
};

export const EXECUTABLE = process.platform === 'win32' ? 'temporal.exe' : 'temporal';

/** Folder of the downloaded or built server, shared by all projects of this user. */
export function serverFolder(): string {
  return join(envPaths('almanac', { suffix: '' }).cache, 'temporal-cli', `v${CLI_VERSION}`);
}
