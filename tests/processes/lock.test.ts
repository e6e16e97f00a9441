/** The lock file: one holder at a time, free again when its process is gone, told apart from a stranger under its number. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { currentHolder, fromPs, identify, takeLock } from '../../lib/cli/launch/lock.mjs'
import { onLinux, temporaryFolder } from '../kit/installation'

let folder: ReturnType<typeof temporaryFolder>
let file: string
beforeEach(() => {
  folder = temporaryFolder()
  file = join(folder.path, 'lock.json')
})
afterEach(() => folder.remove())

test('the second taker learns who holds it; a release frees it', () => {
  const first = takeLock(file)
  expect(takeLock(file).holder).toMatchObject({ pid: process.pid })
  first.release?.()
  expect(existsSync(file)).toBe(false)
  expect(takeLock(file).release).toBeTypeOf('function')
})

test('a dead holder does not keep it', () => {
  const { pid } = spawnSync('true')
  writeFileSync(file, JSON.stringify({ pid, born: null, startedAt: '' }))
  expect(currentHolder(file)).toBeUndefined()
  expect(takeLock(file).release).toBeTypeOf('function')
})

test.runIf(onLinux)('a killed holder whom nobody has fetched does not keep it', async () => {
  // The shell becomes a program that never asks what became of its child.
  const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [said] = (await once(parent.stdout, 'data')) as [Buffer]
  const pid = Number(said.toString())
  writeFileSync(file, JSON.stringify({ ...identify(pid), startedAt: '' }))
  expect(currentHolder(file)).toMatchObject({ pid })
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => currentHolder(file)).toBeUndefined()
  // It is still there by number.
  expect(process.kill(pid, 0)).toBe(true)
  expect(takeLock(file).release).toBeTypeOf('function')
  parent.kill()
})

test.runIf(onLinux)("another process under a dead holder's number does not keep it", () => {
  writeFileSync(file, JSON.stringify({ ...identify(process.pid), born: 'earlier boot/123', startedAt: '' }))
  expect(takeLock(file).release).toBeTypeOf('function')
})

test('where there is no /proc, ps tells one process from another and a dead one from both', async () => {
  const first = spawn('sleep', ['30'])
  const mine = fromPs(process.pid)
  expect(mine).toEqual({ state: expect.stringMatching(/^[A-Z]/), born: expect.stringMatching(/\d\d:\d\d:\d\d \d{4}$/) })
  expect(fromPs(process.pid).born).toBe(mine.born)
  expect(Date.parse(`${mine.born} UTC`)).toBeLessThanOrEqual(Date.now())
  const { pid } = first as { pid: number }
  expect(Date.parse(`${fromPs(pid).born} UTC`)).toBeGreaterThanOrEqual(Date.parse(`${mine.born} UTC`))
  first.kill('SIGKILL')
  await once(first, 'exit')
  expect(fromPs(pid)).toEqual({ state: '', born: null })
})

test('of many that find a stale lock at once, exactly one gets it', async () => {
  const { pid } = spawnSync('true')
  writeFileSync(file, JSON.stringify({ pid, born: null, startedAt: '' }))
  const script = `
    import { takeLock } from ${JSON.stringify(resolve('lib/cli/launch/lock.mjs'))}
    process.stdin.once('data', () => {
      console.log(takeLock(${JSON.stringify(file)}).release ? 'mine' : 'theirs')
      setTimeout(() => process.exit(0), 4000)
    })
    console.log('waiting')`
  const takers = Array.from({ length: 6 }, () => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] })
    let said = ''
    child.stdout.on('data', (chunk) => {
      said += chunk
    })
    return { child, said: () => said }
  })
  const all = (word: RegExp) =>
    expect.poll(() => takers.every((taker) => word.test(taker.said())), { timeout: 10_000 }).toBe(true)
  await all(/waiting/)
  for (const { child } of takers) child.stdin.write('go\n')
  await all(/mine|theirs/)
  expect(takers.filter((taker) => taker.said().includes('mine'))).toHaveLength(1)
  expect(JSON.parse(readFileSync(file, 'utf8')).pid).toBe(takers.find((t) => t.said().includes('mine'))?.child.pid)
  for (const { child } of takers) child.kill()
})
