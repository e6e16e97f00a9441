/** A full disk: nothing accepted is lost, nothing hangs, and freeing space is all a person has to do. */
import { execFileSync, spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { bundlePrograms, startInstallation, temporaryFolder, until } from '../kit/installation'

/** A small disk of its own, where this user may mount one. */
function smallDisk(path: string): boolean {
  return spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=190m', 'tmpfs', path]).status === 0
}

test('writes are refused while it lasts, and accepted again within fifteen seconds of free space', async (context) => {
  const folder = temporaryFolder()
  onTestFinished(folder.remove)
  if (!smallDisk(folder.path)) return context.skip('skipped: no right to mount a small disk')
  onTestFinished(() => void execFileSync('umount', ['-l', folder.path]))
  const programs = await bundlePrograms()
  onTestFinished(programs.remove)
  const one = await startInstallation({ folder: programs.folder, dataDir: join(folder.path, 'data') })
  await one.ready()

  const store = async (key: string) => {
    const answer = await fetch(`http://127.0.0.1:${one.port}/store?key=${key}`, { signal: AbortSignal.timeout(5_000) })
    return answer.status
  }
  const accepted: string[] = []
  const write = async (count: number, prefix: string) => {
    for (let n = 0; n < count; n++) if ((await store(`${prefix}${n}`)) === 201) accepted.push(`${prefix}${n}`)
  }
  await write(200, 'before-')
  expect(accepted).toHaveLength(200)
  const filler = join(folder.path, 'filler')
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=1M'])
  // Pages and the log that exist already have room left for a while; writes that fit there may still succeed.
  const refused: number[] = []
  const long = 'x'.repeat(400)
  for (let n = 0; n < 100_000 && refused.length < 10; n++) {
    const status = await store(`during-${n}-${long}`)
    if (status === 201) accepted.push(`during-${n}-${long}`)
    else refused.push(status)
  }
  expect(new Set(refused)).toEqual(new Set([503]))
  rmSync(filler)
  expect(await until(async () => (await store('after').catch(() => 0)) === 201, 15_000)).toBe(true)
  const kept = new Set((await (await one.get('/keys')).json()) as string[])
  expect(accepted.filter((key) => !kept.has(key))).toEqual([])
})
