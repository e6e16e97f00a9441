/** A bundle is called by its owner and its content: whatever is changed, swapped or given to somebody else is refused. */
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleName, promiseOf } from '@/models/bundle/name'
import { readBundle } from '@/models/bundle/read'
import { newSigningKey } from '@/models/bundle/sign'
import { sha256, writeBundle } from '@/models/bundle/write'
import { Bundles } from '@/models/serve/bundles'
import { Random } from '@/models/train/random'
import { FACTS, smallModel } from './small-model'

const root = mkdtempSync(join(tmpdir(), 'lingxi-named-'))
const account = '01a218df-4859-74d8-965c-aa666b1252ac'
const other = '01a218df-4859-74d8-965c-aa666b1252ad'
const key = newSigningKey()
const files = ['manifest.json', 'model.onnx', 'vocabulary.bin', 'probes.json', 'signature.json']
let names: string[]

async function write(id: string, seed: number): Promise<string> {
  const draft = join(root, `draft-${seed}-${id}`)
  await writeBundle(draft, (await smallModel(seed)).model, { ...FACTS, id, key })
  const name = bundleName(id, sha256(readFileSync(join(draft, 'manifest.json'))))
  renameSync(draft, join(root, name))
  return name
}

beforeAll(async () => {
  names = [await write(account, 1), await write(account, 2), await write(other, 1)]
}, 60_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

test('a name says who and what, or nothing', () => {
  const digest = 'a'.repeat(64)
  expect(promiseOf(bundleName(account, digest))).toEqual({ id: account, digest })
  for (const name of [
    'base',
    'shop-1',
    `${account}.${'a'.repeat(63)}`,
    `${account}.${digest}x`,
    `../${account}.${digest}`,
  ])
    expect(promiseOf(name)).toBeUndefined()
})

test('of 1,000 damaged bundles none is opened', () => {
  const random = new Random(7)
  const [name = ''] = names
  const folder = join(root, 'damaged')
  cpSync(join(root, name), folder, { recursive: true })
  const expected = promiseOf(name)
  const options = { trustedKeys: [key.publicKey], ...(expected ? { expected } : {}) }
  const originals = new Map(files.map((file) => [file, readFileSync(join(folder, file))]))
  expect(() => readBundle(folder, options)).not.toThrow()
  const passed: string[] = []
  for (let round = 0; round < 1_000; round++) {
    const file = files[random.below(files.length)] as string
    const original = originals.get(file) as Buffer
    const bytes = Buffer.from(original)
    const at = random.below(bytes.length)
    const way = random.below(4)
    if (way === 0) bytes[at] = (bytes[at] as number) ^ (1 << random.below(8))
    const damaged = [bytes, bytes.subarray(0, at), Buffer.concat([bytes, bytes.subarray(0, at + 1)]), Buffer.alloc(0)][
      way
    ]
    writeFileSync(join(folder, file), damaged as Buffer)
    try {
      readBundle(folder, options)
      // JSON of a signature means the same with other blanks; anything else must not pass.
      if (file !== 'signature.json') passed.push(`${file} ${way} ${at}`)
    } catch {}
    writeFileSync(join(folder, file), original)
  }
  expect(passed).toEqual([])
  expect(() => readBundle(folder, options)).not.toThrow()
})

test("another account's bundle, or another version, under a good name is refused; its own is served", async () => {
  const bundles = await Bundles.open({
    base: join(process.cwd(), 'models/base/bundle'),
    folder: root,
    trustedKeys: [key.publicKey],
  })
  const open = (name: string) =>
    bundles.use(name, async ([bundle]) => bundle?.modelVersion).catch(({ code }: { code: string }) => code)
  const [mine = '', newer = '', theirs = ''] = names
  expect(await open(mine)).toBe(promiseOf(mine)?.digest.slice(0, 12))
  // The same weights, said to be somebody else's.
  const foreign = bundleName(account, promiseOf(theirs)?.digest ?? '')
  cpSync(join(root, theirs), join(root, foreign), { recursive: true })
  expect(await open(foreign)).toBe('foreign')
  const swapped = bundleName(account, 'b'.repeat(64))
  cpSync(join(root, newer), join(root, swapped), { recursive: true })
  expect(await open(swapped)).toBe('digest_mismatch')
  expect([bundles.refusals.get(foreign)?.code, bundles.refusals.get(swapped)?.code]).toEqual([
    'foreign',
    'digest_mismatch',
  ])
  // Refused as it is; once it is replaced it is looked at anew.
  const place = join(root, newer)
  cpSync(place, join(root, 'kept'), { recursive: true })
  writeFileSync(join(place, 'model.onnx'), 'nonsense')
  expect([await open(newer), await open(newer)]).toEqual(['digest_mismatch', 'digest_mismatch'])
  rmSync(place, { recursive: true })
  expect(await open(newer)).toBe('missing')
  renameSync(join(root, 'kept'), place)
  expect(await open(newer)).toBe(promiseOf(newer)?.digest.slice(0, 12))
  expect(bundles.refusals.has(newer)).toBe(false)
  await bundles.close()
})
