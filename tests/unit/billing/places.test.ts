/** Who keeps a place: owners always, then whom an owner chose last, then by role and by how long they have been there. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { beyond, givesWay, inOrder, type Placed } from '@/lib/features/billing/places'

const member = fc.record({
  role: fc.constantFrom('owner', 'admin', 'agent', 'viewer'),
  placeAt: fc.option(fc.integer({ min: 1, max: 50 }).map((at) => new Date(at))),
  createdAt: fc.integer({ min: 1, max: 50 }).map((at) => new Date(at)),
})
const account = fc
  .array(member, { minLength: 1, maxLength: 12 })
  .map((members): Placed[] => members.map((one, at) => ({ ...one, id: `m${at}`, name: `Name ${at}` }) as Placed))

test('so many work as there are places, owners before all others, whatever the order of the list', () => {
  fc.assert(
    fc.property(account, fc.integer({ min: 1, max: 5 }), (members, places) => {
      const waiting = beyond(members, places)
      expect(waiting).toHaveLength(Math.max(0, members.length - places))
      expect(inOrder([...members].reverse())).toEqual(inOrder(members))
      const works = members.filter((one) => !waiting.includes(one))
      if (waiting.some(({ role }) => role === 'owner')) expect(works.every(({ role }) => role === 'owner')).toBe(true)
      expect(beyond(members, null)).toEqual([])
    }),
  )
})

test('who is given a place works, and just the one who was named gives way', () => {
  fc.assert(
    fc.property(account, fc.integer({ min: 1, max: 5 }), fc.nat(), (members, places, which) => {
      const waiting = beyond(members, places)
      const chosen = waiting[which % Math.max(1, waiting.length)]
      if (!chosen) return
      const other = givesWay(members, places, chosen.id)
      const after = members.map((one) => (one === chosen ? { ...one, placeAt: new Date(100) } : one))
      const ids = beyond(after, places).map(({ id }) => id)
      if (!other) return void expect(ids).toContain(chosen.id)
      const expected = waiting.filter((one) => one !== chosen).map(({ id }) => id)
      expect(ids.sort()).toEqual([...expected, other.id].sort())
    }),
  )
})
