/** Branches that tests must have walked. The engine's core carries every promise, so it is held higher. */
const CORE = ['kernel', 'model', 'changes', 'reads', 'binding', 'identity', 'limits'];
const CORE_BRANCHES_PERCENT = 95;
const BRANCHES_PERCENT = 85;

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // Tests wait for events, never for time to pass; this only ends what hangs, also on a busy machine.
  testTimeout: 60_000,
  // The sources too: a file that no test loads counts as uncovered then, not as absent.
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  globalSetup: '<rootDir>/test/services/global-setup.ts',
  globalTeardown: '<rootDir>/test/services/global-teardown.ts',
  collectCoverageFrom: [
    'src/**/*.ts',
    '!src/**/*.d.ts',
    '!src/generated/**',
    '!src/cli/main.ts',
    // Types alone: nothing in them runs.
    '!src/binding/{bindings,resolvers,request-context}.ts',
    '!src/binding/compiled/compile-scope.ts',
    '!src/limits/blocks/blocks.ts',
    '!src/binding/authorization/authorization-tables.ts',
    '!src/binding/cost/cost-table.ts',
    '!src/cli/dev/worker.ts',
  ],
  // Modules of test files that are through stay in memory, and in V8's coverage: each file takes longer than the last.
  workerIdleMemoryLimit: '500MB',
  coverageDirectory: '.sluice/coverage',
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', 'json-summary', 'lcovonly'],
  coverageThreshold: {
    global: { branches: BRANCHES_PERCENT },
    ...Object.fromEntries(CORE.map((folder) => [`./src/${folder}/`, { branches: CORE_BRANCHES_PERCENT }])),
  },
};
