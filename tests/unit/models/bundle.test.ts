/** Bundles: what is written is what is served, and what was tampered with is refused with a reason. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generate } from '@/models/base/generate'
import type { Manifest } from '@/models/bundle/manifest'
import { readBundle } from '@/models/bundle/read'
import { newSigningKey, signManifest } from '@/models/bundle/sign'
import { sha256, writeBundle } from '@/models/bundle/write'
import { precisionLoss } from '@/models/evaluate/precision'
import { fromOnnx } from '@/models/export/from-onnx'
import { dequantise, quantise } from '@/models/export/quantise'
import { answer } from '@/models/serve/classify'
import { openBundle } from '@/models/serve/open'
import { cleanText } from '@/models/text/clean'
import { Encoder } from '@/models/text/encode'
import { SEGMENTED } from '@/models/text/features'
import { headAnswer } from '@/models/train/blend'
import { type TrainedModel, trainModel } from '@/models/train/train-model'
import { CORPUS, FACTS, fewIntents, smallModel, smallRecipe } from './small-model'

const root = mkdtempSync(join(tmpdir(), 'lingxi-bundle-'))
const good = join(root, 'good')
let trained: TrainedModel

beforeAll(async () => {
  trained = await smallModel()
  await writeBundle(good, trained.model, FACTS)
}, 60_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

let copies = 0
function damaged(change: (folder: string) => void): string {
  const folder = join(root, `copy-${copies++}`)
  cpSync(good, folder, { recursive: true })
  change(folder)
  return folder
}

function edit(folder: string, name: string, change: (bytes: Buffer) => Buffer): void {
  writeFileSync(join(folder, name), change(readFileSync(join(folder, name))))
}

/** Rewrites a part and its digest: only the probes can still tell. */
function forge(
  folder: string,
  name: 'model.onnx' | 'vocabulary.bin' | 'probes.json',
  change: (bytes: Buffer) => Buffer,
): void {
  edit(folder, name, change)
  edit(folder, 'manifest.json', (bytes) => {
    const manifest = JSON.parse(bytes.toString()) as Manifest
    manifest.parts[name].sha256 = sha256(readFileSync(join(folder, name)))
    return Buffer.from(JSON.stringify(manifest))
  })
}

describe('a good bundle', () => {
  it('says which n-grams it reads: few rows keep to the first version, and the second opens as well', async () => {
    expect(readBundle(good).manifest.text.features.version).toBe(1)
    const rows = fewIntents(['order_status', 'refund'])
    const { model, head } = await trainModel(rows, { seed: 1, recipe: smallRecipe(), features: SEGMENTED })
    const folder = join(root, 'segmented')
    await writeBundle(folder, model, FACTS)
    const bundle = await openBundle(folder)
    expect(bundle.spec).toEqual(SEGMENTED)
    const served = await answer([bundle], ['我想退款'])
    const wanted = headAnswer(head, new Encoder(model.vocabulary, SEGMENTED).encode('我想退款'))
    served.intent?.[0]?.probabilities.forEach((value, label) => {
      expect(value).toBeCloseTo(wanted.probabilities[label] as number, 4)
    })
    await bundle.close()
  }, 30_000)

  it('answers as the trainer did, within 1e-4, on 1,000 texts', async () => {
    const { intents, feelings } = generate(CORPUS, 3)
    const texts = [...intents, ...feelings]
      .filter((_, at) => at % 20 === 0)
      .slice(0, 1000)
      .map(({ text }) => text)
    texts.push('', '😡', 'x'.repeat(5000), '退'.repeat(3000))
    const bundle = await openBundle(good)
    const served = await answer([bundle], texts.map(cleanText))
    const encoder = new Encoder(trained.model.vocabulary, trained.model.spec)
    for (const [at, text] of texts.entries()) {
      const wanted = headAnswer(trained.head, encoder.encode(text))
      const got = served.intent?.[at]
      for (const [label, value] of wanted.probabilities.entries()) {
        expect(Math.abs(value - (got?.probabilities[label] as number))).toBeLessThanOrEqual(1e-4)
      }
      expect(Math.abs(wanted.energy - (got?.energy as number))).toBeLessThanOrEqual(1e-3)
    }
    expect(texts.length).toBeGreaterThanOrEqual(1000)
    await bundle.close()
  }, 60_000)

  it('gives its weights back', () => {
    const parts = readBundle(good)
    const [head] = fromOnnx(parts.graph, parts.manifest.heads)
    for (const [at, { path, scale }] of trained.head.paths.entries()) {
      expect(head?.paths[at]?.scale).toBeCloseTo(scale, 6)
      expect(head?.paths[at]?.path.hidden).toBe(path.hidden)
      expect(
        head?.paths[at]?.path.table.every((value, index) => Math.abs(value - (path.table[index] as number)) < 1e-6),
      ).toBe(true)
    }
  })

  it('is written to the same bytes again', async () => {
    const again = join(root, 'again')
    await writeBundle(again, trained.model, FACTS)
    for (const name of ['manifest.json', 'model.onnx', 'vocabulary.bin', 'probes.json']) {
      expect(readFileSync(join(again, name)).equals(readFileSync(join(good, name)))).toBe(true)
    }
  })

  it('holds no word of the training texts', () => {
    const bytes = Buffer.concat(
      ['model.onnx', 'vocabulary.bin'].map((name) => readFileSync(join(good, name))),
    ).toString('latin1')
    for (const word of ['parcel', 'password reset', 'tracking']) expect(bytes).not.toContain(word)
  })

  it('eight bits keep each weight within half a step', () => {
    const table = Float32Array.from({ length: 64 }, (_, at) => Math.sin(at * 7) * (at < 16 ? 100 : 0.01))
    const { values, scales } = quantise(table, 16)
    const back = dequantise({ values, scales }, 16)
    for (let at = 0; at < 64; at++) {
      expect(Math.abs((back[at] as number) - (table[at] as number))).toBeLessThanOrEqual(
        (scales[Math.floor(at / 16)] as number) * 0.51,
      )
    }
  })
})

describe('eight bits', () => {
  it('cost at most 0.2 points of accuracy on texts that were not trained on', () => {
    const encoder = new Encoder(trained.model.vocabulary, trained.model.spec)
    const labels = new Set(trained.head.labels)
    const rows = generate(CORPUS, 5).intents.filter(({ intent }) => labels.has(intent))
    const read = rows.map(({ text }) => encoder.encode(text))
    const loss = precisionLoss(
      trained.head,
      read,
      rows.map(({ intent }) => intent),
    )
    expect(rows.length).toBeGreaterThan(1000)
    expect(loss.fp32).toBeGreaterThan(0.8)
    expect(loss.points).toBeLessThanOrEqual(0.2)
    expect(loss.changed).toBeLessThanOrEqual(0.005)
    expect(loss.furthest).toBeGreaterThan(0)
    expect(loss.furthest).toBeLessThan(0.02)
  })

  it('are compared with the weights that training ended with', () => {
    for (const { path } of trained.head.paths) {
      expect(path.exact?.table).not.toEqual(path.table)
      expect(dequantise(quantise(path.exact?.table as Float32Array, path.width), path.width)).toEqual(path.table)
    }
  })
})

describe('a damaged bundle is refused', () => {
  const refuse = async (folder: string, code: string) => {
    await expect(openBundle(folder)).rejects.toMatchObject({ name: 'BundleError', code })
  }

  it('when it is not there', () => refuse(join(root, 'nowhere'), 'missing'))
  it('when the manifest is not JSON', () =>
    refuse(
      damaged((folder) => edit(folder, 'manifest.json', () => Buffer.from('{'))),
      'manifest_invalid',
    ))
  it('when it comes from a later version', () =>
    refuse(
      damaged((folder) =>
        edit(folder, 'manifest.json', (bytes) => Buffer.from(bytes.toString().replace('"version": 1', '"version": 9'))),
      ),
      'version_unknown',
    ))
  it('when a part is gone', () =>
    refuse(
      damaged((folder) => rmSync(join(folder, 'vocabulary.bin'))),
      'part_missing',
    ))
  it.each(['model.onnx', 'vocabulary.bin', 'probes.json'])('when one byte of %s differs', (name) =>
    refuse(
      damaged((folder) =>
        edit(folder, name, (bytes) => {
          const at = Math.floor(bytes.length / 2)
          bytes[at] = (bytes[at] as number) ^ 1
          return bytes
        }),
      ),
      'digest_mismatch',
    ),
  )
  it('when weights were zeroed and the digest forged: the probes notice', () =>
    refuse(
      damaged((folder) =>
        forge(folder, 'model.onnx', (bytes) => {
          // The name of the first table, then the tag of its raw bytes.
          const table = bytes.indexOf('table_0J', 0, 'latin1') + 20
          return bytes.fill(0, table, table + 4000)
        }),
      ),
      'probe_mismatch',
    ))
  it('when the graph is cut short and the digest forged', () =>
    refuse(
      damaged((folder) => forge(folder, 'model.onnx', (bytes) => bytes.subarray(0, 3000))),
      'graph_invalid',
    ))
  it('when the vocabulary is of another model and the digest forged', () =>
    refuse(
      damaged((folder) =>
        forge(folder, 'vocabulary.bin', (bytes) => {
          for (let at = 12; at < 4012; at++) bytes[at] = (bytes[at] as number) ^ 0x55
          return bytes
        }),
      ),
      'probe_mismatch',
    ))
  it('when probes were emptied', () =>
    refuse(
      damaged((folder) => forge(folder, 'probes.json', () => Buffer.from('[]'))),
      'manifest_invalid',
    ))
})

describe('signatures', () => {
  it('tell who made a bundle', async () => {
    const key = newSigningKey()
    const folder = join(root, 'signed')
    await writeBundle(folder, trained.model, { ...FACTS, key })
    expect(existsSync(join(folder, 'signature.json'))).toBe(true)
    await (await openBundle(folder, { trustedKeys: [key.publicKey] })).close()
    const stranger = newSigningKey()
    await expect(openBundle(folder, { trustedKeys: [stranger.publicKey] })).rejects.toMatchObject({
      code: 'signature_invalid',
    })
    await expect(openBundle(good, { trustedKeys: [key.publicKey] })).rejects.toMatchObject({
      code: 'signature_invalid',
    })
    writeFileSync(join(folder, 'signature.json'), JSON.stringify(signManifest('another manifest', key)))
    await expect(openBundle(folder)).rejects.toMatchObject({ code: 'signature_invalid' })
  })
})
