/** What every source file keeps to: size, first sentence, no secrets, no foreign paths, one door to the database. */
import { describe, expect, test } from 'vitest'
import { load, projectFiles, read } from './kit/files'
import { applicable, mayBeLong, sourceRules } from './kit/source-rules'

// The rules themselves and their planted violations would be found by themselves.
const files = projectFiles().filter((path) => !path.startsWith('tests/rules/') && path !== 'package-lock.json')

describe.each(sourceRules)('$name', (rule) => {
  test('holds', () => {
    const paths = applicable(rule, files)
    expect(paths.length).toBeGreaterThan(10)
    const found = load(paths).flatMap((source) => rule.find(source).map((what) => `${source.path} ${what}`))
    expect(found).toEqual([])
  })

  test('bites', () => {
    expect(rule.applies(rule.planted.path)).toBe(true)
    expect(rule.find(rule.planted).length).toBeGreaterThan(0)
  })
})

test('exceptions to the size are still needed', () => {
  for (const path of Object.keys(mayBeLong)) expect(read(path).split('\n').length, path).toBeGreaterThan(300)
})
