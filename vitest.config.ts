/** Test projects: rules (fences), unit, db (real PostgreSQL), processes (whole programs), hard (guarantees). Browser tests run under Playwright. */
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/**
 * Files of many seconds, the slowest first: one that begins last would have a core to itself while the other waits.
 */
const slow = [
  ...[
    'processes/supervisor',
    'hard/app-killed',
    'hard/overload',
    'hard/training-run-killed',
    'hard/overload-streams',
    'hard/malformed',
  ],
  ...['hard/rolling-restart', 'hard/webhooks-killed', 'hard/model-killed', 'hard/interleaved', 'hard/backup'],
  ...['hard/stripe-histories', 'hard/usage-told', 'hard/database-killed', 'hard/worker-killed', 'rules/tools'],
]

const rank = ({ moduleId }: TestSpecification): number => {
  const place = slow.findIndex((name) => moduleId.endsWith(`tests/${name}.test.ts`))
  return place < 0 ? slow.length : place
}

class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other))
  }
}

const shared = {
  resolve: { alias: { '@': resolve('.') } },
  // No test reads styles: without a word here each project would load Tailwind.
  css: { postcss: { plugins: [] } },
}
/** Files of a worker share its modules, as those of a program do: loading them anew for each took more time than the tests. */
const together = { isolate: false, unstubGlobals: true, restoreMocks: true }
const database = ['tests/kit/start-postgres.ts']
/**
 * Whole programs and databases on two cores sometimes stall for seconds. What passes only again is named as such at the end of the
 * run; of guarantees in full it does not count.
 */
const again = { retry: process.env.LINGXI_HARD ? 0 : 1 }

export default defineConfig({
  ...shared,
  test: {
    // One more than two cores have: tests of whole programs mostly wait. Still more only take memory from the database.
    maxWorkers: 3,
    sequence: { sequencer: SlowestFirst },
    reporters: ['default'],
    projects: [
      {
        ...shared,
        test: {
          name: 'rules',
          ...together,
          include: ['tests/rules/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'unit',
          ...together,
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          testTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'db',
          ...together,
          ...again,
          include: ['tests/db/**/*.test.ts'],
          setupFiles: ['tests/kit/no-calls-inside.ts'],
          globalSetup: database,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'processes',
          ...together,
          ...again,
          include: ['tests/processes/**/*.test.ts'],
          globalSetup: database,
          // Whole programs start and stop here, and mostly wait for each other: they get time to do so.
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        ...shared,
        test: {
          name: 'hard',
          ...together,
          ...again,
          include: ['tests/hard/**/*.test.ts'],
          globalSetup: database,
          // All of it takes minutes where the smoke part takes seconds.
          testTimeout: process.env.LINGXI_HARD ? 1_800_000 : 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
