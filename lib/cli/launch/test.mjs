/** `npm test`: rules, unit, database and process tests under Vitest, then browser tests under Playwright; one sum at the end. `npm run test:hard`: the guarantees in full. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { buildAll, generateClient } from './build.mjs'
import { withBuildLock } from './build-lock.mjs'
import { findChromium, installChromium } from './chromium.mjs'
import { ensurePackages } from './install.mjs'
import { phase } from './progress.mjs'
import { runQuietly, runVisibly } from './run.mjs'

/** @param {string[]} words Vitest filters (then no browser tests run), or "browser" for those alone. */
export async function runTests(words, root, environment) {
  await ensurePackages(root, environment)
  // Tests of guarantees start the real programs, pages included; a single file builds for itself what it needs.
  if (words.length === 0) await buildAll(root, environment)
  else await withBuildLock(root, () => generateClient(root, environment))
  const results = join(root, '.build', 'test-results')
  mkdirSync(results, { recursive: true })
  const sums = []
  const browserOnly = words[0] === 'browser'
  if (!browserOnly) sums.push(await runVitest(words, root, environment, join(results, 'vitest.json')))
  if (browserOnly || words.length === 0) {
    sums.push(await runBrowser(words.slice(1), root, environment, join(results, 'browser.json')))
  }
  const total = (name) => sums.reduce((sum, one) => sum + (one[name] ?? 0), 0)
  const lacking = environment.LINGXI_REQUIRE_BROWSER === '1' && sums.some((one) => one.withoutBrowser)
  if (lacking) console.error('Browser tests are required here (LINGXI_REQUIRE_BROWSER=1) and were skipped.')
  const again = total('again') > 0 ? ` (${total('again')} of them at a further try only)` : ''
  nameFailures(sums)
  console.log(`\n${total('passed')} passed${again}, ${total('failed')} failed, ${total('skipped')} skipped`)
  return total('failed') > 0 || lacking ? 1 : 0
}

/**
 * Everything docs/guarantees.md promises, in full, one line each.
 *
 * @param {string[]} given filters on file names; `--long` for the sizes that do not fit into ten minutes
 */
export async function runHardTests(given, root, environment) {
  const began = performance.now()
  const words = given.filter((word) => word !== '--long')
  await ensurePackages(root, environment)
  await buildAll(root, environment)
  const results = join(root, '.build', 'test-results')
  mkdirSync(results, { recursive: true })
  const lines = join(results, 'guarantees.txt')
  rmSync(lines, { force: true })
  const whole = { ...environment, LINGXI_HARD: words.length < given.length ? 'long' : '1' }
  const report = (name) => join(results, `hard${name}.json`)
  const vitest = (name, files, ...how) => (files.length ? runVitest([...files, ...how], root, whole, report(name)) : {})
  const files = readdirSync(join(root, 'tests/hard')).filter((name) => name.endsWith('.test.ts'))
  const chosen = files.map((name) => `tests/hard/${name}`).filter((path) => matches(path, words))
  // What measures times has the machine to itself; all else mostly waits for kills, and shares it.
  const sums = [
    await vitest(
      '-alone',
      chosen.filter((path) => alone.includes(path)),
    ),
  ]
  // Promises that ordinary tests show, too: the page of guarantees names them.
  const others = testsNamed(root, words)
  sums.push(
    ...(await Promise.all([
      vitest('', [...chosen.filter((path) => !alone.includes(path)), ...others]),
      // What holds only at a second try does not hold.
      runBrowser(
        ['--grep', '@hard', '--retries=0', '--workers=1', '--pass-with-no-tests', ...words],
        root,
        whole,
        report('-browser'),
        { beside: true },
      ),
    ])),
  )
  const total = (name) => sums.reduce((sum, one) => sum + (one[name] ?? 0), 0)
  console.log(`\nGuarantees that held (docs/guarantees.md says how each is shown):\n`)
  console.log(existsSync(lines) ? readFileSync(lines, 'utf8').split('\n').sort(inOrder).join('\n').trim() : 'none')
  const lacking = sums.some((one) => one.withoutBrowser)
  if (total('skipped') > 0)
    console.log(`\nNot shown here: ${total('skipped')} tests were skipped, the reasons stand above.`)
  nameFailures(sums)
  const minutes = ((performance.now() - began) / 60_000).toFixed(1)
  console.log(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped, ${minutes} minutes`)
  return total('failed') > 0 || (lacking && environment.LINGXI_REQUIRE_BROWSER === '1') ? 1 : 0
}

const alone = ['tests/hard/overload.test.ts', 'tests/hard/overload-streams.test.ts']

const matches = (path, words) => words.length === 0 || words.some((word) => path.includes(word))

/** Tests of other projects that docs/guarantees.md names. */
function testsNamed(root, words) {
  const page = readFileSync(join(root, 'docs/guarantees.md'), 'utf8')
  return testsIn(page).filter((path) => !/^tests\/(hard|browser)\//.test(path) && matches(path, words))
}

/** Tests that a page names anywhere in code marks, each by itself, several of a folder in braces, or a whole folder. */
export function testsIn(page) {
  const marks = (page.match(/`[^`\n]+`/g) ?? []).join(' ')
  const named = /\b(tests\/(?:rules|unit|db|processes|hard|browser)\/[\w/-]+)(?:\{([\w,/-]+)\})?/g
  const paths = [...marks.matchAll(named)].flatMap(([, path, several]) =>
    several ? several.split(',').map((name) => path + name) : [path],
  )
  return [...new Set(paths)]
}

/** "2 …" before "10 …". */
const inOrder = (one, other) => one.localeCompare(other, 'en', { numeric: true })

async function runVitest(words, root, environment, file) {
  rmSync(file, { force: true })
  const cli = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await runVisibly(process.execPath, [cli, 'run', ...reporters, ...words], {
    cwd: root,
    env: { ...environment, NODE_ENV: 'test' },
  })
  const report = read(file) ?? {}
  return counted(code, {
    passed: report.numPassedTests ?? 0,
    failed: report.numFailedTests ?? 0,
    skipped: (report.numPendingTests ?? 0) + (report.numTodoTests ?? 0),
    names: (report.testResults ?? []).flatMap((each) => failedIn(each, root)),
    ...onlyAgain((report.testResults ?? []).flatMap((each) => passedAgain(each, root))),
  })
}

async function runBrowser(words, root, environment, file, how = {}) {
  if (!hasTests(join(root, 'tests/browser'))) return { passed: 0, failed: 0, skipped: 0 }
  const chromium =
    (await findChromium(environment)) ??
    (await phase('Looking for a Chromium to download', () => installChromium(root, environment)))
  if (chromium === undefined) {
    const skipped = await countBrowserTests(root, environment, file)
    console.log(
      '\nBrowser tests skipped: no Chromium here. Install one (Debian: apt-get install chromium; elsewhere: npx playwright install chromium), or set LINGXI_CHROMIUM to its path.',
    )
    return { passed: 0, failed: 0, skipped, withoutBrowser: true }
  }
  await buildAll(root, environment)
  rmSync(file, { force: true })
  const env = { ...environment, LINGXI_CHROMIUM: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: file }
  const code = await runVisibly(process.execPath, playwright(root, 'list,json', words), { cwd: root, env }, how)
  return counted(code, sumOf(read(file)))
}

const playwright = (root, reporter, words) => [
  join(root, 'node_modules/@playwright/test/cli.js'),
  'test',
  `--reporter=${reporter}`,
  ...words,
]

async function countBrowserTests(root, environment, file) {
  rmSync(file, { force: true })
  const env = { ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: file }
  await runQuietly(process.execPath, playwright(root, 'json', ['--list']), { cwd: root, env }).catch(() => undefined)
  const count = (suite) =>
    (suite.specs ?? []).reduce((sum, spec) => sum + spec.tests.length, 0) +
    (suite.suites ?? []).reduce((sum, inner) => sum + count(inner), 0)
  return count(read(file) ?? {})
}

function sumOf(report) {
  const { expected = 0, unexpected = 0, flaky = 0, skipped = 0 } = report?.stats ?? {}
  const names = failedWithin(report ?? {}, 'unexpected')
  const again = onlyAgain(failedWithin(report ?? {}, 'flaky'))
  return { passed: expected + flaky, failed: unexpected, skipped, names, ...again }
}

/** What failed in one of Vitest's files: its tests with the first line of why, or the file itself when it did not load. */
function failedIn({ name, status, message, assertionResults }, root) {
  const file = name.slice(root.length + 1)
  const tests = assertionResults.filter((test) => test.status === 'failed')
  if (status === 'failed' && tests.length === 0) return [`${file}: ${firstLine(message)}`]
  return tests.map((test) => told(file, test))
}

const firstLine = (text) => (text ?? '').split('\n')[0].slice(0, 300)
const told = (file, { fullName, failureMessages }) => `${file} › ${fullName}: ${firstLine(failureMessages?.[0])}`

/** What passed in one of Vitest's files after it had failed. */
const passedAgain = ({ name, assertionResults }, root) =>
  assertionResults
    .filter(({ status, failureMessages }) => status === 'passed' && failureMessages?.length)
    .map((test) => told(name.slice(root.length + 1), test))

const onlyAgain = (names) => ({ again: names.length, namesAgain: names })

/** What ended so in a suite of Playwright's report and those within. */
function failedWithin({ specs = [], suites = [] }, ended) {
  const failed = specs.filter(({ tests }) => tests.some(({ status }) => status === ended))
  const within = suites.flatMap((suite) => failedWithin(suite, ended))
  return [...failed.map(({ file, title }) => `tests/browser/${file} › ${title}`), ...within]
}

/** Says again at the end what failed, at the first try or for good: thousands of lines stand between it and the sum. */
function nameFailures(sums) {
  for (const [title, key] of [
    ['Passed at a further try only', 'namesAgain'],
    ['Failed', 'names'],
  ]) {
    const names = sums.flatMap((sum) => sum[key] ?? [])
    if (names.length) console.log(`\n${title}:\n${names.map((name) => `  ${name}`).join('\n')}`)
  }
}

/** A run that ended badly without a failed test (a file that does not load, a crash) counts as one failure. */
function counted(code, sum) {
  return code !== 0 && sum.failed === 0 ? { ...sum, failed: 1 } : sum
}

function hasTests(folder) {
  return existsSync(folder) && readdirSync(folder, { recursive: true }).some((name) => /\.test\.ts$/.test(name))
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
