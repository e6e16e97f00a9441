/** A training that is killed, at any point, leaves nothing that could be served, and the next one succeeds. */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { promiseOf } from '@/models/bundle/name'
import { readBundle } from '@/models/bundle/read'
import { newSigningKey } from '@/models/bundle/sign'
import { temporaryFolder } from '../kit/installation'

const home = temporaryFolder()
const folder = join(home.path, 'models')
const key = newSigningKey()
const built = '.build/training-killed'

beforeAll(async () => {
  // One by one, so that the worker finds the child beside itself.
  for (const entry of ['lib/cli/training-child.ts', 'tests/processes/programs/train-once.ts'])
    await bundle(resolve('.'), built, [entry])
}, 60_000)
afterAll(() => home.remove())

/** Kills the worker once it is so far; gives what it said last. */
async function train(killAt?: number): Promise<string> {
  const worker = spawn(process.execPath, [resolve(built, 'train-once.mjs'), folder, key.privateKey], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = ''
  for await (const line of createInterface({ input: worker.stdout })) {
    last = line
    if (killAt !== undefined && Number(line) >= killAt) worker.kill('SIGKILL')
  }
  return last
}

const bundles = () => (existsSync(folder) ? readdirSync(folder).filter((name) => promiseOf(name)) : [])

/** Training children of that worker. */
function living(): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(built, 'training-child.mjs'))
      } catch {
        return false
      }
    })
}

test('killed at three points there is never a bundle, and the child ends with its worker', async () => {
  for (const share of [0, 0.4, 0.9]) {
    await train(share)
    expect(bundles()).toEqual([])
    if (!existsSync('/proc')) continue
    for (let wait = 0; living().length && wait < 50; wait++) await sleep(100)
    expect(living()).toEqual([])
  }
  const first = await train()
  const [name = ''] = bundles()
  expect(bundles()).toHaveLength(1)
  expect(first).toBe(`bundle ${promiseOf(name)?.digest}`)
  const expected = promiseOf(name) as { id: string; digest: string }
  expect(readBundle(join(folder, name), { trustedKeys: [key.publicKey], expected }).manifest.heads).toHaveLength(1)
}, 120_000)
