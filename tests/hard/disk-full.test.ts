/** The disk of a whole installation fills up under writing visitors: refusals, no hang, nothing lost; free space is all it needs. */
import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { held, stretched, whole } from '../kit/guarantee'
import { temporaryFolder, until } from '../kit/installation'
import { startSupervised } from '../kit/supervised'
import { weaken } from '../kit/weakened'
import { judge, newVisitors, startWriters } from '../kit/writers'

/** A small disk of its own, where this user may mount one. */
const smallDisk = (path: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=220m', 'tmpfs', path]).status === 0

/** An installation on such a disk, and eight visitors who write to it until the disk has been full for a while. */
async function fill(path: string, from?: string) {
  const one = await startSupervised(join(path, 'data'), from)
  onTestFinished(one.stop)
  const shop = await one.house.shop()
  const writers = startWriters({ count: 8, tokens: await newVisitors(one, shop, 320), to: () => one.url })
  await writers.more(200)
  const before = writers.tally.took.length
  const filler = join(path, 'filler')
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M'])
  return { one, shop, writers, before, free: () => rmSync(filler) }
}

const folders = () => {
  const folder = temporaryFolder()
  onTestFinished(folder.remove)
  if (!smallDisk(folder.path)) return null
  onTestFinished(() => void execFileSync('umount', ['-l', folder.path]))
  return folder.path
}

// The smoke part of this is tests/processes/disk-full.
test.runIf(whole)(
  '503 while the disk is full, no answer takes over 2 s, accepted again within 15 s of free space',
  async (context) => {
    const path = folders()
    if (!path) return context.skip('skipped: no right to mount a small disk')
    const { one, shop, writers, before, free } = await fill(path)
    const { tally } = writers
    // Room that exists already lasts a while; then nothing is accepted any more.
    expect(await until(() => tally.refused > 40, 120_000)).toBe(true)
    free()
    const freed = performance.now()
    await writers.more(50)
    const back = performance.now() - freed
    await writers.end()
    expect(tally.wrong).toEqual([])
    expect([tally.broken, tally.unmet]).toEqual([0, 0])
    const { lost, doubled } = await judge(one, shop, tally.accepted)
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
    const slowest = Math.max(...tally.took.slice(before), ...tally.tookRefused)
    expect(slowest).toBeLessThan(stretched(2_000))
    expect(back).toBeLessThan(stretched(15_000))
    held(
      '1 disk full',
      `${tally.accepted.size} accepted, ${tally.refused} × 503 with Retry-After, 0 lost, no answer over ${Math.ceil(slowest)} ms, accepted again ${(back / 1_000).toFixed(1)} s after space was freed`,
    )
  },
)

test.runIf(whole)(
  'control: a server that acknowledges what the database could not write loses it, and is seen',
  async (context) => {
    const path = folders()
    if (!path) return context.skip('skipped: no right to mount a small disk')
    const file = 'lib/flows/receive-message.ts'
    const from = await weaken(
      'acknowledges',
      {
        file,
        from: 'await storeIncoming(ctx.services, ingestItem(message, vault, box))',
        to: `await storeIncoming(ctx.services, ingestItem(message, vault, box)).catch(() => ({ early: true, outcome: 'stored' as never,
          id: message.messageId, conversationId: message.conversationId, sequence: 1, createdAt: message.at }))`,
      },
      { file, from: '    received: {\n', to: "    received: {\n      ...('early' in stored && { early: true }),\n" },
    )
    const { one, shop, writers, free } = await fill(path, from)
    const { accepted } = writers.tally
    const early = () => [...accepted.values()].filter((answer) => 'early' in answer).length
    expect(await until(() => early() > 40, 120_000)).toBe(true)
    free()
    await writers.end()
    const { lost } = await judge(one, shop, accepted)
    expect(lost).toBeGreaterThan(40)
    held(
      '1 disk full, control',
      `${early()} of ${accepted.size} acknowledged although the database had refused them: ${lost} lost`,
    )
  },
)
