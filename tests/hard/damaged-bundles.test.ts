/** 1,000 damaged, swapped, foreign and forged bundles under a good name: all are refused, and the last good one goes on serving. */
import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { BundleError } from '@/models/bundle/error'
import type { Manifest } from '@/models/bundle/manifest'
import { bundleName } from '@/models/bundle/name'
import { readBundle } from '@/models/bundle/read'
import { newSigningKey, signManifest } from '@/models/bundle/sign'
import { sha256, writeBundle } from '@/models/bundle/write'
import { fromOnnx } from '@/models/export/from-onnx'
import { Bundles } from '@/models/serve/bundles'
import { classify } from '@/models/serve/classify'
import { openBundle } from '@/models/serve/open'
import { Random } from '@/models/train/random'
import { amount, held } from '../kit/guarantee'
import { temporaryFolder } from '../kit/installation'

const home = temporaryFolder()
const key = newSigningKey()
const stranger = newSigningKey()
const account = '01a218df-4859-74d8-965c-aa666b1252ac'
const other = '01a218df-4859-74d8-965c-aa666b1252ad'
const rounds = amount(1_000, 63)
const text = 'where is my order'
const parts = ['manifest.json', 'model.onnx', 'vocabulary.bin', 'probes.json', 'signature.json']
let mine: string
let theirs: string

/** The base's weights as an account's own bundle. */
async function write(id: string): Promise<string> {
  const { manifest, graph, vocabulary } = readBundle('models/base/bundle')
  const model = { spec: manifest.text.features, vocabulary, heads: fromOnnx(graph, manifest.heads) }
  const { lineage, licence, createdAt } = manifest
  const draft = join(home.path, `draft-${id}`)
  await writeBundle(draft, model, { id, createdAt, licence, lineage, probes: ['hello', text, '我要退款'], key })
  const name = bundleName(id, sha256(readFileSync(join(draft, 'manifest.json'))))
  renameSync(draft, join(home.path, name))
  return name
}

beforeAll(async () => {
  mine = await write(account)
  theirs = await write(other)
}, 60_000)
afterAll(() => home.remove())

type Way = (folder: string, random: Random) => void
const edit = (folder: string, name: string, change: (bytes: Buffer) => Buffer) =>
  writeFileSync(join(folder, name), change(readFileSync(join(folder, name))))
const anyOf = (random: Random) => parts.slice(0, 4)[random.below(4)] as string
/** Says that intents are others, and makes everything that can be made without the key agree with that. */
const relabel = (folder: string) =>
  edit(folder, 'manifest.json', (bytes) => {
    const manifest = JSON.parse(bytes.toString()) as Manifest
    for (const head of manifest.heads) head.labels.reverse()
    return Buffer.from(JSON.stringify(manifest))
  })
const signed = (folder: string, by: typeof key) =>
  edit(folder, 'signature.json', () =>
    Buffer.from(JSON.stringify(signManifest(readFileSync(join(folder, 'manifest.json'), 'utf8'), by))),
  )

const ways: Record<string, Way> = {
  'a bit': (folder, random) =>
    edit(folder, anyOf(random), (bytes) => {
      const at = random.below(bytes.length)
      bytes[at] = (bytes[at] as number) ^ (1 << random.below(8))
      return bytes
    }),
  'cut short': (folder, random) =>
    edit(folder, anyOf(random), (bytes) => bytes.subarray(0, random.below(bytes.length))),
  'a part gone': (folder, random) => rmSync(join(folder, parts[random.below(parts.length)] as string)),
  'a part of zeros': (folder, random) => edit(folder, anyOf(random), (bytes) => Buffer.alloc(bytes.length)),
  "another account's": (folder) => cpSync(join(home.path, theirs), folder, { recursive: true }),
  relabelled: relabel,
  'relabelled, signed by a stranger': (folder) => {
    relabel(folder)
    signed(folder, stranger)
  },
  // Whoever has the key still cannot give other weights this name.
  'relabelled, signed by the key': (folder) => {
    relabel(folder)
    signed(folder, key)
  },
  'a signature of nothing': (folder) => edit(folder, 'signature.json', () => Buffer.from('{}')),
}

test(`${rounds} bundles that are not what their name says`, { timeout: 600_000 }, async () => {
  const bundles = await Bundles.open({ base: 'models/base/bundle', folder: home.path, trustedKeys: [key.publicKey] })
  const ask = (name: string) =>
    bundles.use(name, async ([one]) => (one ? (await classify([one], [text]))[0]?.intent : ''))
  const good = await ask(mine)
  const place = join(home.path, mine)
  const kept = join(home.path, 'kept')
  cpSync(place, kept, { recursive: true })
  const random = new Random(11)
  const codes = new Map<string, number>()
  const passed: string[] = []
  for (let round = 0; round < rounds; round++) {
    const [what, damage] = Object.entries(ways)[round % Object.keys(ways).length] as [string, Way]
    rmSync(place, { recursive: true, force: true })
    cpSync(kept, place, { recursive: true })
    damage(place, random)
    // One who opens it fresh, as after a restart, and one who has the good one open.
    const refused = await openBundle(place, {
      trustedKeys: [key.publicKey],
      expected: { id: account, digest: mine.split('.')[1] as string },
    }).then(
      () => undefined,
      ({ name, code }: BundleError) => (name === 'BundleError' ? code : undefined),
    )
    if (refused) codes.set(refused, (codes.get(refused) ?? 0) + 1)
    else passed.push(`${what} in round ${round}`)
    expect(await ask(mine)).toBe(good)
  }
  expect(passed).toEqual([])
  await bundles.close()
  const told = [...codes].sort().map(([code, count]) => `${code} ${count}`)
  held(
    '2 damaged bundles',
    `${rounds} of ${rounds} refused (${told.join(', ')}), the last good one served ${rounds} times`,
  )
})

test('control: without the name and the key, relabelled weights would be taken', async () => {
  const folder = join(home.path, 'forged')
  cpSync(join(home.path, theirs), folder, { recursive: true })
  relabel(folder)
  signed(folder, stranger)
  const bundle = await openBundle(folder)
  expect((await classify([bundle], [text]))[0]?.intent).not.toBe('order_status')
  await bundle.close()
})
