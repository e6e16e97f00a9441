/** Finds a Chromium for the browser tests: a path in the environment, Playwright's own, the system's. */
import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { runQuietly } from './run.mjs'

const systemPaths = [
  // The same browser without a window of its own, whose pages and compositor take more of two cores than ours do.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]

/**
 * A path in the environment stands in for the system's own: whoever named one would not want another without hearing of it.
 *
 * @param {NodeJS.ProcessEnv} environment @returns {Promise<string | undefined>}
 */
export async function findChromium(environment) {
  const { chromium } = await import('playwright')
  const named = environment.LINGXI_CHROMIUM
  const candidates = named ? [named, chromium.executablePath()] : [chromium.executablePath(), ...systemPaths]
  return candidates.find((path) => path && isRunnable(path))
}

/** Tries Playwright's download where nothing was found; without internet that fails and is no fault. */
export async function installChromium(root, environment) {
  const cli = join(root, 'node_modules/playwright/cli.js')
  try {
    await runQuietly(process.execPath, [cli, 'install', 'chromium'], {
      cwd: root,
      env: environment,
      timeoutMs: 120_000,
    })
  } catch {
    return undefined
  }
  return findChromium(environment)
}

function isRunnable(path) {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
