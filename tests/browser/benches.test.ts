/** A bench that drives a browser still runs: what it does there is text to the bundler, and nothing else would notice. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from '@playwright/test'
import { test } from '../kit/browser'

const run = promisify(execFile)

for (const [name, rows] of [['widget', ['blank', 'with the widget, idle', 'chat, opened']]] as const)
  test(`npm run bench -- ${name}`, async () => {
    test.setTimeout(120_000)
    const { stdout } = await run(process.execPath, ['lib/cli/launch.mjs', 'bench', name, '--check'])
    for (const row of rows) {
      const line = stdout.split('\n').find((one) => one.startsWith(`${row} `)) ?? ''
      const figures = line.slice(row.length).match(/[\d.]+|NaN/g) ?? []
      expect(figures.length, stdout).toBeGreaterThanOrEqual(5)
      // A blank page has no largest paint; every other figure is a number.
      if (row !== 'blank') expect(line).not.toContain('NaN')
    }
  })
