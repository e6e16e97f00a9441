/** A worker killed at 20 points of a training: the bundle in use stays as it is byte by byte, nothing half made can be served. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { promiseOf } from '@/models/bundle/name'
import { readBundle } from '@/models/bundle/read'
import { newSigningKey } from '@/models/bundle/sign'
import { amount, held } from '../kit/guarantee'
import { temporaryFolder } from '../kit/installation'

const home = temporaryFolder()
const folder = join(home.path, 'models')
const key = newSigningKey()
const built = '.build/hard-training-killed'
const points = amount(20, 2)

beforeAll(async () => {
  for (const entry of ['lib/cli/training-child.ts', 'tests/processes/programs/train-once.ts'])
    await bundle(resolve('.'), built, [entry])
}, 60_000)
afterAll(() => home.remove())

/** Kills the worker, and its child a moment later or not at all; gives what it said last. */
async function train(seed: number, killAt?: number): Promise<string> {
  const worker = spawn(process.execPath, [resolve(built, 'train-once.mjs'), folder, key.privateKey, String(seed)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last = ''
  for await (const line of createInterface({ input: worker.stdout })) {
    last = line
    if (killAt !== undefined && Number(line) >= killAt) worker.kill('SIGKILL')
  }
  return last
}

const digestOf = (place: string): string => {
  const hash = createHash('sha256')
  for (const name of readdirSync(place).sort()) hash.update(name).update(readFileSync(join(place, name)))
  return hash.digest('hex')
}
const bundles = () => readdirSync(folder).filter((name) => promiseOf(name))
/** Throws unless it is whole, signed and its own. */
const open = (name: string) => {
  const expected = promiseOf(name) as { id: string; digest: string }
  return readBundle(join(folder, name), { trustedKeys: [key.publicKey], expected })
}

test(`killed at ${points} points`, async () => {
  await train(1)
  const [deployed = ''] = bundles()
  const before = digestOf(join(folder, deployed))
  let whole = 0
  for (let point = 0; point < points; point++) {
    // The last ones fall into writing and checking the bundle, where most could go wrong.
    const last = await train(2, point / (points - 1 || 1))
    expect(digestOf(join(folder, deployed))).toBe(before)
    for (const name of bundles()) open(name)
    // One that was finished before the kill is whole; the job that sweeps takes it if no version names it.
    for (const name of bundles().filter((one) => one !== deployed)) {
      whole++
      rmSync(join(folder, name), { recursive: true })
    }
    expect(last.startsWith('bundle')).toBe(false)
  }
  // Children of killed workers end by themselves, so that nothing is written afterwards.
  await sleep(2_000)
  expect(bundles()).toEqual([deployed])
  expect(await train(2)).toMatch(/^bundle/)
  expect(bundles()).toHaveLength(2)
  held(
    '2 training killed',
    `${points} kills, bundle in use unchanged, 0 half bundles, ${whole} whole ones left to sweep`,
  )
})

test('control: a bundle written in place, file by file, would be found half made', () => {
  const [good = ''] = bundles()
  const half = good.replace(/[0-9a-f]$/, (digit) => (digit === '0' ? '1' : '0'))
  cpSync(join(folder, good), join(folder, half), { recursive: true })
  writeFileSync(join(folder, half, 'model.onnx'), readFileSync(join(folder, good, 'model.onnx')).subarray(0, 1000))
  expect(existsSync(join(folder, half))).toBe(true)
  expect(() => open(half)).toThrow()
})
