/** What the documents say is there is there: links, settings, folders, and both languages say the same. */
import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testsIn } from '@/lib/cli/launch/test.mjs'
import { read } from './kit/files'

const decisions = readdirSync('docs/decisions').filter((name) => name.endsWith('.md'))
const pages = [
  'README.md',
  'README.zh-CN.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  'docs/webhooks.md',
  'docs/moving.md',
  'docs/guarantees.md',
  ...decisions.map((name) => `docs/decisions/${name}`),
]

/** Relative links and images of a page that lead nowhere. */
function deadLinks(page: string, text: string): string[] {
  return [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].flatMap(([, target]) =>
    existsSync(join(dirname(page), target as string)) ? [] : [`${page} → ${target}`],
  )
}

/** Paths of ours in code marks that do not exist; `a/b` may stand for `a/b.ts` or for a test file of that name. */
function deadPaths(page: string, text: string): string[] {
  const named = text.matchAll(/`((?:app|lib|models|tests|docs|prisma)\/[\w./()[\]-]+)(?:\{([\w,-]+)\})?`/g)
  const paths = [...named].flatMap(([, path, several]) => several?.split(',').map((name) => path + name) ?? path ?? [])
  return paths.flatMap((path) => {
    const clean = path.replace(/\/$/, '')
    const found = ['', '.ts', '.tsx', '.test.ts'].some((ending) => existsSync(clean + ending))
    return found ? [] : [`${page}: ${path}`]
  })
}

const settingsIn = (text: string): string[] =>
  [
    ...new Set(
      [...text.matchAll(/`((?:LINGXI|DATABASE|REDIS|INFERENCE|SMTP|MAIL|OIDC)_[A-Z_]+)\b/g)].map(
        (match) => match[1] as string,
      ),
    ),
  ].sort()

describe('documents', () => {
  test.each(pages)('%s points at things that exist', (page) => {
    const text = read(page)
    expect(deadLinks(page, text)).toEqual([])
    expect(deadPaths(page, text)).toEqual([])
  })

  test('settings in the READMEs are settings of the program, the same in both', () => {
    const known = read('lib/core/env.ts') + read('lib/cli/launch/options.mjs') + read('lib/cli/launch/chromium.mjs')
    const [en, zh] = [settingsIn(read('README.md')), settingsIn(read('README.zh-CN.md'))]
    expect(en.length).toBeGreaterThan(10)
    expect(zh).toEqual(en)
    expect(en.filter((name) => !known.includes(name))).toEqual([])
  })

  test('both READMEs have the same parts', () => {
    const shape = (text: string) => [
      (text.match(/^## /gm) ?? []).length,
      (text.match(/^\|/gm) ?? []).length,
      (text.match(/```/g) ?? []).length,
    ]
    expect(shape(read('README.zh-CN.md'))).toEqual(shape(read('README.md')))
  })

  test('stay short', () => {
    expect(read('ARCHITECTURE.md').split('\n').length).toBeLessThanOrEqual(200)
    // The list of them grows with them.
    for (const name of decisions.filter((one) => one !== 'README.md'))
      expect(read(`docs/decisions/${name}`).split('\n').length, name).toBeLessThanOrEqual(41)
    expect(decisions.filter((name) => /^\d{4}-/.test(name)).map((name) => name.slice(0, 4))).toEqual(
      decisions.filter((name) => /^\d{4}-/.test(name)).map((_, i) => String(i + 1).padStart(4, '0')),
    )
  })

  test('the licence is whole', () => {
    expect(read('LICENSE')).toContain('Apache License')
    expect(read('LICENSE')).toContain('END OF TERMS AND CONDITIONS')
    expect(JSON.parse(read('package.json')).license).toBe('Apache-2.0')
  })
})

/** Tests that a page of guarantees names and that are not there, or that a full run leaves out. */
function notRun(page: string): string[] {
  const full = [...page.matchAll(/`npm run test:hard (?:-- --long )?([\w-]+)`/g)].map(([, word]) => word as string)
  const hard = (word: string) =>
    existsSync(`tests/hard/${word}.test.ts`) || testFiles('tests/browser').some((path) => path.includes(word))
  return [
    ...full.filter((word) => !hard(word)),
    ...testsIn(page).filter((path) => {
      const found = existsSync(`${path}.test.ts`) ? [`${path}.test.ts`] : existsSync(path) ? testFiles(path) : []
      return !found.length || (path.startsWith('tests/browser/') && !read(`${path}.test.ts`).includes('@hard'))
    }),
  ]
}
const testFiles = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name))

/** Rows of a page of guarantees of whose tests none prints a line, those apart that are not met or that a bench shows. */
function silent(page: string): string[] {
  return page.split('\n').flatMap((line) => {
    const [, promise = '', , repeat = '', control = ''] = line.split(/(?<!\\)\|/)
    if (!repeat.includes('`') || /^ \*not met\*/.test(promise) || repeat.includes('npm run bench')) return []
    const full = [...repeat.matchAll(/test:hard (?:-- --long )?([\w-]+)/g)].map(([, word]) => `tests/hard/${word}`)
    const paths = [...full, ...testsIn(repeat + control)].map((path) => path.replace('hard/models', 'browser/models'))
    const files = paths.flatMap((path) => (existsSync(path) ? testFiles(path) : [`${path}.test.ts`]))
    return files.some((path) => /\bheld\(/.test(read(path))) ? [] : [promise.trim()]
  })
}

/** Promises that stand more than once: two rows of one promise tell two stories sooner or later. */
function twice(page: string): string[] {
  const names = [...page.matchAll(/^\| \*\*([^*]+)\*\*/gm)].map(([, name]) => name as string)
  return names.filter((name, at) => names.indexOf(name) < at)
}

test('each promise stands once', () => {
  expect(twice(read('docs/guarantees.md'))).toEqual([])
  expect(twice('| **one** x | y |\n| **two** x | y |\n| **one** z | y |')).toEqual(['one'])
})

test('a full run of the guarantees prints a line for each that it shows', () => {
  expect(silent(read('docs/guarantees.md'))).toEqual([])
  expect(silent('| one | seen | `tests/unit/core/networks` | x |')).toEqual(['one'])
})

test('a full run of the guarantees runs every test that their page names, and each is there', () => {
  const page = read('docs/guarantees.md')
  expect(notRun(page)).toEqual([])
  const named = testsIn(page)
  expect(named.length).toBeGreaterThan(60)
  // Behind a command and with its ending, too.
  for (const path of ['tests/rules/routes', 'tests/db/identity/doors']) expect(named).toContain(path)
  // Whatever else is in the folder of guarantees stands on their page.
  const unsaid = readdirSync('tests/hard').filter((name) => {
    const word = name.replace('.test.ts', '')
    return name.endsWith('.test.ts') && !named.includes(`tests/hard/${word}`) && !RegExp(` ${word}\``).test(page)
  })
  expect(unsaid).toEqual([])
})

test('the fence bites', () => {
  expect(deadLinks('README.md', 'see [that](docs/never.md)')).toHaveLength(1)
  expect(deadPaths('README.md', 'in `lib/never/there.ts`')).toHaveLength(1)
  expect(deadPaths('README.md', 'in `lib/core/{env,never}`')).toEqual(['README.md: lib/core/never'])
  expect(settingsIn('`LINGXI_NEVER`')).toEqual(['LINGXI_NEVER'])
  const planted = '`npx vitest tests/db/never.test.ts`, `tests/browser/audit`, `npm run test:hard nowhere`'
  expect(notRun(planted)).toEqual(['nowhere', 'tests/db/never', 'tests/browser/audit'])
})
