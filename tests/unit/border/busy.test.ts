/** More work than is done at once is refused with a time to wait; one account never takes the room of all. */
import { expect, test } from 'vitest'
import { atWork } from '@/lib/border/busy'
import { retryAfter } from '@/lib/border/problem'
import { AppError } from '@/lib/core/errors'

test('one account gets half of the room, the others the rest, and an end makes room again', async () => {
  const open: (() => void)[] = []
  const long = () => new Promise<void>((done) => open.push(done))
  const begin = (account: string, count: number) => Array.from({ length: count }, () => atWork(account, long))
  const taken = begin('a', 256)
  const refused = await atWork('a', long).catch((error: unknown) => error)
  expect(refused).toBeInstanceOf(AppError)
  expect(refused).toMatchObject({ code: 'busy', status: 503 })
  expect(retryAfter(refused as AppError)).toBeGreaterThanOrEqual(1)
  taken.push(...begin('b', 256))
  await expect(atWork('c', long)).rejects.toMatchObject({ code: 'busy' })
  open.pop()?.()
  await new Promise((soon) => setTimeout(soon))
  expect(await atWork('c', () => 7)).toBe(7)
  for (const done of open) done()
  await Promise.all(taken)
  await expect(atWork('a', () => Promise.reject(new Error('its own')))).rejects.toThrow('its own')
  expect(await atWork('a', () => 8)).toBe(8)
})
