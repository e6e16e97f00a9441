/** Without a Chromium, and with none to be had, browser tests are skipped with one sentence and counted; where they are required, that fails. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { findChromium } from '../../lib/cli/launch/chromium.mjs'
import { temporaryFolder } from '../kit/installation'

const empty = temporaryFolder()
afterAll(() => empty.remove())

/** None here, and nobody to download one from. */
const without = {
  LINGXI_CHROMIUM: resolve(empty.path, 'chromium'),
  PLAYWRIGHT_BROWSERS_PATH: empty.path,
  PLAYWRIGHT_DOWNLOAD_HOST: 'http://127.0.0.1:9',
}

function run(): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, ['lib/cli/launch.mjs', 'test', 'browser'], {
    env: { ...process.env, ...without, LINGXI_REQUIRE_BROWSER: '1' },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (piece) => {
      said += piece
    })
  }
  return new Promise((done) => child.once('close', (code) => done({ code, said })))
}

test('a path in the environment stands in for the browsers of the system', async () => {
  expect(await findChromium({ NODE_ENV: 'test', LINGXI_CHROMIUM: process.execPath })).toBe(process.execPath)
})

test('one sentence says what to do, every browser test is counted as skipped, and a run that requires them fails', async () => {
  const { code, said } = await run()
  const sentences = said.match(/^Browser tests skipped: .*$/gm) ?? []
  expect(sentences).toHaveLength(1)
  expect(sentences[0]).toMatch(/no Chromium here\. Install one .*LINGXI_CHROMIUM/)
  const [, failed, skipped] = /0 passed, (\d+) failed, (\d+) skipped/.exec(said) ?? []
  expect(failed).toBe('0')
  expect(Number(skipped)).toBeGreaterThan(100)
  expect(said).not.toMatch(/\n\s+at /)
  expect(said).toContain('(LINGXI_REQUIRE_BROWSER=1) and were skipped')
  expect(code).toBe(1)
})
