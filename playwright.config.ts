/** Browser tests: one real installation with the demo, started once; whichever Chromium is there. */
import { defineConfig } from '@playwright/test'
import { findChromium } from './lib/cli/launch/chromium.mjs'

const executablePath = await findChromium(process.env)

export default defineConfig({
  testDir: 'tests/browser',
  testMatch: '**/*.test.ts',
  outputDir: '.build/test-results/browser',
  globalSetup: './tests/kit/start-installation.ts',
  // Two cores carry the installation and the browsers.
  workers: 2,
  timeout: 60_000,
  // A machine with two cores sometimes stalls for seconds; a story that passes only again is named flaky in the report.
  retries: 2,
  // Against a run that hangs. How long a whole run takes depends on the machine: 4 minutes on one, 12 on another.
  globalTimeout: 1_800_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  use: {
    screenshot: 'only-on-failure',
    // What fails is run again and recorded then.
    trace: 'on-first-retry',
    launchOptions: {
      executablePath,
      // Without a locale of the shell, Chromium would not name a downloaded file in Chinese.
      env: { LANG: 'C.UTF-8', ...process.env } as Record<string, string>,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
})
