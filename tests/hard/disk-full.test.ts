/** The disk of a whole installation fills up under writing visitors: refusals, no hang, nothing lost; free space is all it needs. */
import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { held, stretched, whole } from '../kit/guarantee'
import { temporaryFolder, until } from '../kit/installation'
import { startSupervised } from '../kit/supervised'
import { judge, newVisitors, startWriters } from '../kit/writers'

/** A small disk of its own, where this user may mount one. */
const smallDisk = (path: string): boolean =>
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=220m', 'tmpfs', path]).status === 0

// The smoke part of this is tests/processes/disk-full.
test.runIf(whole)(
  '503 while the disk is full, no answer takes over 2 s, accepted again within 15 s of free space',
  async (context) => {
    const folder = temporaryFolder()
    onTestFinished(folder.remove)
    if (!smallDisk(folder.path)) return context.skip('skipped: no right to mount a small disk')
    onTestFinished(() => void execFileSync('umount', ['-l', folder.path]))
    const one = await startSupervised(join(folder.path, 'data'))
    onTestFinished(one.stop)
    const shop = await one.house.shop()
    const writers = startWriters({ count: 8, tokens: await newVisitors(one, shop, 320), to: () => one.url })
    const { tally } = writers
    await writers.more(200)
    const before = tally.took.length
    // Control: a way to write that says yes before the database does.
    await one.server.ask('CREATE TABLE unchecked (id int PRIMARY KEY, text text)')
    let said = 0
    const unchecked = setInterval(() => {
      const id = said++
      void one.server.ask('INSERT INTO unchecked VALUES ($1, $2)', [id, 'x'.repeat(2_000)]).catch(() => {})
    }, 50)
    onTestFinished(() => clearInterval(unchecked))
    const rowsOf = async () =>
      (await one.server.ask<{ n: number }>('SELECT count(*)::int AS n FROM unchecked'))[0]?.n ?? 0
    expect(await until(async () => (await rowsOf()) > 5, 20_000)).toBe(true)
    const filler = join(folder.path, 'filler')
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M'])
    // Room that exists already lasts a while; then nothing is accepted any more.
    expect(await until(() => tally.refused > 40, 120_000)).toBe(true)
    clearInterval(unchecked)
    rmSync(filler)
    const freed = performance.now()
    await writers.more(50)
    const back = performance.now() - freed
    await writers.end()
    expect(tally.wrong).toEqual([])
    expect([tally.broken, tally.unmet]).toEqual([0, 0])
    const { lost, doubled } = await judge(one, shop, tally.accepted)
    expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
    const kept = await rowsOf()
    expect(kept).toBeLessThan(said)
    const slowest = Math.max(...tally.took.slice(before), ...tally.tookRefused)
    expect(slowest).toBeLessThan(stretched(2_000))
    expect(back).toBeLessThan(stretched(15_000))
    held(
      '1 disk full',
      `${tally.accepted.size} accepted, ${tally.refused} × 503 with Retry-After, 0 lost, no answer over ${Math.ceil(slowest)} ms, accepted again ${(back / 1_000).toFixed(1)} s after space was freed; control: of ${said} that were answered unchecked ${said - kept} lost`,
    )
  },
)
