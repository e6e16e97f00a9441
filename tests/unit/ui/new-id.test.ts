/** Ids that a page makes itself are the UUIDs that the server takes, where there is no `crypto.randomUUID`, too. */
import { expect, test } from 'vitest'
import { z } from 'zod'
import { newId } from '@/app/_ui/new-id'

test('every one is a UUID of version 4, and none comes twice', () => {
  const ids = Array.from({ length: 2_000 }, newId)
  for (const id of ids) expect(z.uuidv4().safeParse(id).success, id).toBe(true)
  expect(new Set(ids).size).toBe(ids.length)
  expect(new Set(ids.map((id) => id[19]))).toEqual(new Set('89ab'))
})
