/** Arrows point downwards only, over the real import graph, type-only imports included. */
import { describe, expect, test } from 'vitest'
import { isCode, load, projectFiles, type Source } from './kit/files'
import { type Edge, importGraph, importsOf } from './kit/imports'
import { circles, layerViolations, partOf } from './kit/layers'

const files = projectFiles()
const product = files.filter((path) => isCode(path) && partOf(path) !== null)
const sources = load(product)
const edges = importGraph(sources, files)

describe('layers', () => {
  test('every module was seen and the graph is real', () => {
    // A tool that silently sees nothing passes everything: that happened to others.
    expect(product.length).toBeGreaterThan(150)
    expect(sources.length).toBe(product.length)
    expect(edges.filter((edge) => edge.inside).length).toBeGreaterThan(product.length)
    const reached = new Set(edges.map((edge) => edge.to))
    for (const part of ['core', 'platform', 'features', 'flows', 'border', 'app', 'models', 'words'])
      expect(
        [...reached].some((to) => to !== null && partOf(to) === part),
        `nothing imports ${part}`,
      ).toBe(true)
  })

  test('arrows point downwards, packages have their one door', () => {
    expect(layerViolations(edges)).toEqual([])
  })

  test('no circles', () => {
    expect(circles(edges)).toEqual([])
  })
})

describe('what browsers load', () => {
  /** Files of pages that reach the validator: it tries `new Function`, which the content policy stops and reports. */
  const reaching = (all: readonly Source[]): string[] => {
    const next = new Map<string, Edge[]>()
    for (const edge of importGraph(all, files))
      if (edge.kind !== 'type') next.set(edge.from, [...(next.get(edge.from) ?? []), edge])
    const reaches = (file: string, seen: Set<string>): boolean =>
      (next.get(file) ?? []).some(({ to, inside }) => {
        if (to === 'zod') return true
        if (!inside || !to || seen.has(to)) return false
        seen.add(to)
        return reaches(to, seen)
      })
    const client = all.filter(({ text }) => /^(\/\*\*[\s\S]*?\*\/\s*)?'use client'/.test(text))
    return client.filter(({ path }) => reaches(path, new Set())).map(({ path }) => path)
  }

  test('holds no validator', () => {
    expect(reaching(sources)).toEqual([])
    const text = `/** Planted. */\n'use client'\nimport { labelDraft } from '@/lib/features/labels/input'\nexport const x = labelDraft`
    expect(reaching([...sources, { path: 'app/_ui/planted.tsx', text }])).toEqual(['app/_ui/planted.tsx'])
  })
})

describe('the fence bites', () => {
  const planted = (path: string, text: string): string[] => {
    const source: Source = { path, text }
    return layerViolations(importGraph([source], files))
  }
  test.each([
    ['core upwards', 'lib/core/planted.ts', `import { inAccount } from '@/lib/platform/db/in-account'`],
    ['core upwards by type only', 'lib/core/planted.ts', `import type { Ctx } from '../platform/context'`],
    ['an import type in a type position', 'lib/core/planted.ts', `export type X = import('../platform/context').Ctx`],
    ['a re-export', 'lib/core/planted.ts', `export type { Ctx } from '../platform/context'`],
    ['a dynamic import', 'lib/platform/planted.ts', `export const x = () => import('../flows/receive-message')`],
    ['a computed import', 'lib/platform/planted.ts', 'export const x = (n: string) => import(`../flows/${n}`)'],
    ['a feature beside another', 'lib/features/contacts/planted.ts', `import { about } from '../conversations/sealed'`],
    ['a flow that knows the border', 'lib/flows/planted.ts', `import { Reply } from '../border/route'`],
    ['a feature that knows the start', 'lib/features/contacts/planted.ts', `import { services } from '@/lib/start'`],
    ['models that know us', 'models/text/planted.ts', `import { isId } from '../../lib/core/ids'`],
    ['the widget that imports the rest', 'app/widget/planted.ts', `import type { Locale } from '@/lib/core/locale'`],
    ['a page that imports next-auth', 'app/(site)/planted.tsx', `import { signIn } from 'next-auth/react'`],
    ['product code that imports a test kit', 'lib/flows/planted.ts', `import { readSite } from '@/tests/kit/site'`],
    ['a path that leads nowhere', 'lib/flows/planted.ts', `import { x } from './no-such-file'`],
  ])('%s', (_name, path, text) => {
    expect(planted(path, text)).toHaveLength(1)
  })

  test('allowed edges stay silent', () => {
    const text = `import { isId } from '../core/ids'\nimport type { Ctx } from '@/lib/platform/context'\nimport { z } from 'zod'`
    expect(planted('lib/flows/planted.ts', text)).toEqual([])
  })

  test('a circle is found', () => {
    const pair = (back: string) => [
      { path: 'lib/core/one.ts', text: `import './two'` },
      { path: 'lib/core/two.ts', text: back },
    ]
    const found = circles(importGraph(pair(`import { a } from './one'`), []))
    expect(found).toEqual(['lib/core/one.ts → lib/core/two.ts → lib/core/one.ts'])
    expect(circles(importGraph(pair(`import type { A } from './one'`), []))).toEqual([])
  })

  test('a file that cannot be parsed is an error, not silence', () => {
    expect(() => importsOf({ path: 'lib/core/broken.ts', text: 'import { from' })).toThrow(/cannot be parsed/)
  })
})
