export { type Almanac, type AlmanacOptions, createAlmanac } from './almanac.ts';
export { AlmanacError, type Problem } from './almanac-error.ts';
export type { ChangePage, ChangesOptions } from './changes.ts';
export type { PagedPath, PageOf } from './pages.ts';
export type { components, operations, paths } from '../../api/generated/openapi-types.ts';
