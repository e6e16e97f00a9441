/** Gathering single pieces of work: order, bounds, and neighbours of a bad item. */
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { Batcher } from '@/lib/platform/batch'

const options = { most: 8, flushers: 2, beside: 1, linger: 0, queue: 100, full: () => new Error('full') }

describe('a batcher', () => {
  test('answers each with its own, in batches', async () => {
    const sizes: number[] = []
    const batcher = new Batcher<number, number>({
      ...options,
      run: async (items) => {
        sizes.push(items.length)
        await sleep(5)
        return items.map((item) => item * 2)
      },
    })
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => batcher.add(i)))
    expect(answers).toEqual(Array.from({ length: 40 }, (_, i) => i * 2))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(8)
    expect(sizes.length).toBeLessThan(40)
  })

  test('never runs more at once than it has flushers', async () => {
    let running = 0
    let most = 0
    const batcher = new Batcher<number, number>({
      ...options,
      run: async (items) => {
        most = Math.max(most, ++running)
        await sleep(3)
        running--
        return items
      },
    })
    await Promise.all(Array.from({ length: 90 }, (_, i) => batcher.add(i)))
    expect(most).toBeLessThanOrEqual(2)
  })

  test('tries the neighbours of a bad item alone', async () => {
    const batcher = new Batcher<string, string>({
      ...options,
      run: async (items) => {
        if (items.includes('bad')) throw new Error('bad item')
        return items
      },
    })
    const results = await Promise.allSettled(['a', 'bad', 'b'].map((each) => batcher.add(each)))
    expect(results.map((each) => each.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  })

  test('a database that is away fails all at once instead of one after another', async () => {
    let calls = 0
    const batcher = new Batcher<number, number>({
      ...options,
      run: async () => {
        calls++
        throw Object.assign(new Error('away'), { code: 'database_away' })
      },
    })
    const results = await Promise.allSettled([1, 2, 3].map((each) => batcher.add(each)))
    expect(results.every((each) => each.status === 'rejected')).toBe(true)
    expect(calls).toBe(1)
  })

  test('refuses what its queue cannot hold, and goes on afterwards', async () => {
    const batcher = new Batcher<number, number>({ ...options, queue: 5, run: async (items) => items })
    const results = await Promise.allSettled(Array.from({ length: 9 }, (_, i) => batcher.add(i)))
    expect(results.filter((each) => each.status === 'rejected')).toHaveLength(4)
    expect(await batcher.add(1)).toBe(1)
    expect(batcher.size).toBe(0)
  })

  test('lanes take turns, each in its own order: who sends much waits for themselves', async () => {
    const batches: string[][] = []
    const run = async (items: string[]) => {
      batches.push(items)
      await sleep(2)
      return items
    }
    const batcher = new Batcher<string, string>({ ...options, flushers: 1, run, lane: (item) => item[0] as string })
    const loud = Array.from({ length: 30 }, (_, i) => `a${i}`)
    await Promise.all([...loud, 'b0', 'c0', 'b1', 'b2'].map((item) => batcher.add(item)))
    expect(batches[0]).toEqual(['a0', 'b0', 'c0', 'a1', 'b1', 'a2', 'b2', 'a3'])
    expect(batches.flat().filter((item) => item.startsWith('a'))).toEqual(loud)
    expect(batches.map((items) => items.length)).toEqual([8, 8, 8, 8, 2])
  })

  test('callers that come back one by one after a batch share the next one too', async () => {
    const sizes: number[] = []
    const run = async (items: number[]) => {
      sizes.push(items.length)
      return items
    }
    const batcher = new Batcher<number, number>({ ...options, linger: 10_000, run })
    await Promise.all([1, 2, 3, 4].map((each) => batcher.add(each)))
    const answers: Promise<number>[] = []
    for (const each of [5, 6, 7, 8]) {
      answers.push(batcher.add(each))
      await sleep(2)
    }
    expect(await Promise.all(answers)).toEqual([5, 6, 7, 8])
    expect(sizes).toEqual([4, 4])
  })

  test('waits for the others no longer than it may, and a caller alone never waits', async () => {
    const sizes: number[] = []
    const run = async (items: number[]) => {
      sizes.push(items.length)
      return items
    }
    const batcher = new Batcher<number, number>({ ...options, linger: 5, run })
    await Promise.all([1, 2, 3].map((each) => batcher.add(each)))
    expect(await batcher.add(4)).toBe(4)
    expect(await new Batcher<number, number>({ ...options, linger: 10_000, run }).add(5)).toBe(5)
    expect(sizes).toEqual([3, 1, 1])
  })
})
