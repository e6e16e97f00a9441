/** A worker killed at 20 points of a training: the bundle in use stays as it is byte by byte, nothing half made can be served. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundle } from '@/lib/cli/launch/bundle.mjs'
import { bundleName, promiseOf } from '@/models/bundle/name'
import { readBundle } from '@/models/bundle/read'
import { newSigningKey } from '@/models/bundle/sign'
import { sha256, writeBundle } from '@/models/bundle/write'
import { fromOnnx } from '@/models/export/from-onnx'
import { amount, held } from '../kit/guarantee'
import { temporaryFolder } from '../kit/installation'

const home = temporaryFolder()
const folder = join(home.path, 'models')
const key = newSigningKey()
const built = '.build/hard-training-killed'
const points = amount(20, 1)
const accountId = '01a218df-4859-74d8-965c-aa666b1252ac'

beforeAll(async () => {
  for (const entry of ['lib/cli/training-child.ts', 'tests/processes/programs/train-once.ts'])
    await bundle(resolve('.'), built, [entry])
}, 60_000)
afterAll(() => home.remove())

/** Kills the worker, and its child a moment later or not at all; gives what it said last. */
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

/** The base's weights as an account's own bundle: what is in use while others are trained. */
async function deploy(): Promise<string> {
  const { manifest, graph, vocabulary } = readBundle('models/base/bundle')
  const draft = join(folder, '.draft-deployed')
  const model = { spec: manifest.text.features, vocabulary, heads: fromOnnx(graph, manifest.heads) }
  const { lineage, licence, createdAt } = manifest
  await writeBundle(draft, model, { id: accountId, createdAt, licence, lineage, probes: ['hello'], key })
  const name = bundleName(accountId, sha256(readFileSync(join(draft, 'manifest.json'))))
  renameSync(draft, join(folder, name))
  open(name)
  return name
}

const digestOf = (place: string): string => {
  const hash = createHash('sha256')
  for (const name of readdirSync(place).sort()) hash.update(name).update(readFileSync(join(place, name)))
  return hash.digest('hex')
}
const bundles = () => readdirSync(folder).filter((name) => promiseOf(name))
/** Training children of killed workers. */
const living = () =>
  (existsSync('/proc') ? readdirSync('/proc') : [])
    .filter((pid) => /^\d+$/.test(pid))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(built, 'training-child.mjs'))
      } catch {
        return false
      }
    })
/** Throws unless it is whole, signed and its own. */
const open = (name: string) => {
  const expected = promiseOf(name) as { id: string; digest: string }
  return readBundle(join(folder, name), { trustedKeys: [key.publicKey], expected })
}

test(`killed at ${points} points`, { timeout: 1_200_000 }, async () => {
  const deployed = await deploy()
  const before = digestOf(join(folder, deployed))
  let left = 0
  for (let point = 0; point < points; point++) {
    // The last ones fall into writing and checking the bundle, where most could go wrong.
    const last = await train((point + 1) / points)
    expect(digestOf(join(folder, deployed))).toBe(before)
    for (const name of bundles()) open(name)
    // One that was finished before the kill is whole; the job that sweeps takes it if no version names it.
    for (const name of bundles().filter((one) => one !== deployed)) {
      left++
      rmSync(join(folder, name), { recursive: true })
    }
    expect(last.startsWith('bundle')).toBe(false)
  }
  // Children of killed workers end by themselves, so that nothing is written afterwards.
  await expect.poll(living, { timeout: 10_000 }).toEqual([])
  expect(bundles()).toEqual([deployed])
  const made = await train()
  const fresh = bundles().find((name) => name !== deployed) ?? ''
  expect(made).toBe(`bundle ${promiseOf(fresh)?.digest}`)
  expect(open(fresh).manifest.heads).toHaveLength(1)
  held(
    '2 training killed',
    `${points} kills, bundle in use unchanged, 0 half bundles, ${left} whole ones left to sweep`,
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
