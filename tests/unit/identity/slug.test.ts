/** Slugs of accounts: readable, never one of our own pages. */
import { readdirSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isSlug, nextSlug, reservedSlugs, slugOf } from '@/lib/features/accounts/slug'

const chance = () => 0.5

test.each([
  ['Analytical Engines', 'analytical-engines'],
  ['Bücher & Mehr', 'bucher-mehr'],
  ['  Ada’s   Shop!! ', 'adas-shop'],
  ['ＬＩＮＧＸＩ', 'lingxi-desk'],
  ['Sign-in', 'sign-in-desk'],
  ['茶铺', 'desk-i0000'],
  ['x', 'desk-i0000'],
  ['Shop', 'shop'],
])('%s becomes %s', (name, slug) => expect(slugOf(name, chance)).toBe(slug))

test('any name becomes a good slug, and so does the next', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.integer({ min: 1, max: 20 }), (name, attempt) => {
      const slug = slugOf(name, Math.random)
      expect(isSlug(slug)).toBe(true)
      expect(isSlug(nextSlug(slug, attempt, Math.random))).toBe(true)
    }),
  )
})

test('every first folder of our pages and files is reserved', () => {
  const folders = ['app', 'app/(site)', 'app/(desk)', 'public'].flatMap((at) => {
    try {
      return readdirSync(at, { withFileTypes: true })
    } catch {
      return []
    }
  })
  const segments = folders
    .filter((entry) => entry.isDirectory() && /^[a-z0-9][a-z0-9-]*$/.test(entry.name))
    .map((entry) => entry.name)
  expect(segments.filter((name) => isSlug(name))).toEqual([])
  for (const word of ['api', 'sign-in', 'widget', 'demo', 'operator']) expect(reservedSlugs.has(word)).toBe(true)
})
