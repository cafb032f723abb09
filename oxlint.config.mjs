/**
 * The arrows of the house: what each room may import, and nothing else. A room that is not named here may import all:
 * `bench` and `test` look at everything, `examples` at the package's exports. The console knows the API by its
 * generated client alone. Packages are what others install: each is built from one room.
 */
export const ARROWS = {
  contracts: [],
  calendar: ['contracts'],
  scheduling: ['contracts'],
  tracing: ['contracts'],
  prisma: ['contracts'],
  emulator: [],
  terminal: ['contracts', 'scheduling'],
  services: ['contracts', 'calendar', 'scheduling', 'prisma', 'tracing'],
  activities: ['contracts', 'calendar', 'scheduling', 'prisma', 'tracing', 'services'],
  workflows: ['contracts'],
  client: ['contracts', 'prisma', 'scheduling', 'services'],
  worker: ['contracts', 'prisma', 'tracing', 'services', 'client', 'activities'],
  api: ['contracts', 'calendar', 'scheduling', 'prisma', 'tracing', 'services', 'client'],
  cli: [
    'contracts',
    'calendar',
    'scheduling',
    'prisma',
    'tracing',
    'services',
    'client',
    'api',
    'worker',
    'terminal',
    'emulator',
    'dev',
  ],
  dev: ['contracts', 'prisma', 'services', 'client', 'api', 'terminal', 'emulator'],
  console: ['api/generated'],
  'packages/client': ['api/generated'],
  'packages/emulator': ['emulator'],
};

const ROOMS = [...Object.keys(ARROWS), 'bench', 'examples', 'test'];

/** Rooms whose code has to be deterministic, or runs in a browser one day: no module of Node. */
const PURE = ['contracts', 'calendar', 'scheduling', 'workflows'];

/** Workflows know activities by their types alone: they run in another process. */
const ACTIVITY_TYPES = {
  regex: '^(\\.\\./)+activities/',
  allowTypeImports: true,
  message: 'Activities run in another process: import their types only.',
};

function arrowsOf(room) {
  const closed = ROOMS.filter((other) => other !== room && !ARROWS[room].includes(other));
  const typesOnly = room === 'workflows' ? [ACTIVITY_TYPES] : [];
  const forbidden = closed.filter((other) => typesOnly.length === 0 || other !== 'activities');
  const message = `${room}/ imports ${ARROWS[room].join(', ') || 'no other room'} only: see ARROWS in oxlint.config.mjs.`;
  const generated = ARROWS[room].includes('api/generated') ? '(?!generated/)' : '';
  const patterns = [{ regex: `^(\\.\\./)+(${forbidden.join('|')})/${generated}`, message }, ...typesOnly];
  return {
    files: [`${room}/**`],
    rules: {
      'no-restricted-imports': ['error', { patterns }],
      ...(PURE.includes(room) && { 'import/no-nodejs-modules': 'error' }),
    },
  };
}

export default {
  plugins: ['typescript', 'import', 'unicorn', 'promise', 'node'],
  categories: {
    correctness: 'error',
    suspicious: 'error',
  },
  ignorePatterns: ['dist/**', 'packages/*/dist/**', 'prisma/generated/**', '.almanac/**'],
  rules: {
    'typescript/no-floating-promises': 'error',
    'typescript/no-misused-promises': 'error',
    'typescript/await-thenable': 'error',
    'typescript/consistent-type-imports': [
      'error',
      {
        disallowTypeAnnotations: false,
      },
    ],
    'typescript/no-explicit-any': 'error',
    'typescript/no-unsafe-type-assertion': 'off',
    'typescript/unbound-method': 'off',
    'typescript/consistent-return': 'off',
    'typescript/require-array-sort-compare': [
      'error',
      {
        ignoreStringArrays: true,
      },
    ],
    'no-underscore-dangle': 'off',
    'no-console': 'error',
    'import/no-cycle': [
      'error',
      {
        ignoreTypes: false,
      },
    ],
    'unicorn/filename-case': [
      'error',
      {
        case: 'kebabCase',
      },
    ],
  },
  overrides: [
    ...Object.keys(ARROWS).map(arrowsOf),
    {
      files: ['console/**'],
      plugins: ['typescript', 'import', 'unicorn', 'promise', 'react', 'jsx-a11y'],
      // JSX needs no import, and a style sheet is imported for its effect.
      rules: {
        'react/react-in-jsx-scope': 'off',
        // A column's `cell` renders, and is no component.
        'react/no-unstable-nested-components': ['error', { allowAsProps: true }],
        'import/no-unassigned-import': 'off',
        // A table of which only a part is in the page cannot be one of HTML's.
        'jsx-a11y/prefer-tag-over-role': 'off',
        // No compiler is used that could not follow the library.
        'react/incompatible-library': 'off',
      },
    },
    { files: ['.ci/**'], rules: { 'no-console': 'off' } },
    {
      files: ['api/generated/openapi-types.ts'],
      rules: {
        'typescript/no-redundant-type-constituents': 'off',
        'typescript/no-duplicate-type-constituents': 'off',
      },
    },
    { files: ['test/**', 'bench/**'], rules: { 'unicorn/consistent-function-scoping': 'off' } },
  ],
};
