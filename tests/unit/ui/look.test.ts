/** The cookie of looks: what is written is what is read, and nothing foreign gets in. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Preferences, readLook, writeLook } from '@/app/_ui/look'

const preferences: fc.Arbitrary<Preferences> = fc.record({
  theme: fc.constantFrom('system', 'light', 'dark'),
  density: fc.constantFrom('compact', 'normal', 'comfortable'),
  keys: fc.boolean(),
  panes: fc.dictionary(fc.stringMatching(/^[a-z-]{1,12}$/), fc.integer({ min: 100, max: 900 }), {
    noNullPrototype: true,
  }),
  columns: fc.option(fc.array(fc.stringMatching(/^[a-z]{2,12}$/), { maxLength: 13 })),
})

test('a choice survives the cookie', () => {
  fc.assert(
    fc.property(preferences, (chosen) => {
      expect(readLook(writeLook(chosen))).toEqual(chosen)
    }),
  )
})

test('a strange cookie is no trouble', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const look = readLook(text)
      expect(['system', 'light', 'dark']).toContain(look.theme)
      expect(Object.values(look.panes).every(Number.isFinite)).toBe(true)
    }),
  )
})

test('without a cookie everything is as the system says', () => {
  expect(readLook(undefined)).toEqual({ theme: 'system', density: 'normal', keys: true, panes: {}, columns: null })
})
