/** A sentence encoder from training to labels: joined with n-grams, kept in the bundle by digest, served, explained. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readBundle } from '@/models/bundle/read'
import { sha256, writeBundle } from '@/models/bundle/write'
import { Encoders } from '@/models/encoder/installed'
import { join as joinEmbedding, sentences, TextReader } from '@/models/encoder/text-reader'
import { explain, occlusions } from '@/models/explain/explain'
import { fromOnnx } from '@/models/export/from-onnx'
import { Bundles } from '@/models/serve/bundles'
import { answer } from '@/models/serve/classify'
import { type OpenBundle, openBundle } from '@/models/serve/open'
import { InferenceServer } from '@/models/serve/server'
import { cleanText } from '@/models/text/clean'
import { headAnswer } from '@/models/train/blend'
import { type TrainedModel, trainModel } from '@/models/train/train-model'
import { FACTS, fewIntents, smallRecipe } from './small-model'
import { tinyEncoder, writeEncoder } from './tiny-encoder'

const root = mkdtempSync(join(tmpdir(), 'lingxi-joined-'))
const installed = join(root, 'encoders')
const good = join(root, 'models/shop')
/** Words that no training text holds; to the encoder they are the words before them. */
const ALIKE = [
  ['refund', 'zurückzahlung'],
  ['password', 'kennwort'],
]
const rows = fewIntents(['order_status', 'refund', 'password'])
const words = [...new Set(rows.flatMap(({ text }) => cleanText(text).match(/[\p{L}\p{N}]+/gu) ?? []))]
let trained: TrainedModel
let bundle: OpenBundle
let encoders: Encoders

const encoder = (seed: number) => tinyEncoder([...words, 'zurückzahlung', 'kennwort'], 24, seed, ALIKE)
const copy = (name: string) => {
  cpSync(good, join(root, name), { recursive: true })
  return join(root, name)
}

beforeAll(async () => {
  writeEncoder(join(installed, 'tiny'), encoder(1))
  encoders = new Encoders(installed)
  const sentence = await encoders.take('tiny')
  trained = await trainModel(rows, { seed: 1, recipe: smallRecipe(), sentence })
  await writeBundle(good, trained.model, FACTS)
  await sentence.close()
  bundle = await openBundle(good, { encoders })
}, 60_000)
afterAll(async () => {
  await bundle.close()
  rmSync(root, { recursive: true, force: true })
})

describe('a model that reads an encoder beside n-grams', () => {
  it('says in its manifest which one', () => {
    expect(bundle.manifest.encoder).toMatchObject({ name: 'tiny', dimensions: 24, pooling: 'mean' })
    expect(bundle.manifest.encoder?.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(bundle.manifest.graph.embedding).toBe('float32[batch,24]')
  })

  it('answers as the trainer does within 1e-4, in batches too', async () => {
    const texts = rows.slice(0, 150).map(({ text }) => text)
    texts.push('', '😡', 'kennwort')
    const served = await answer([bundle], texts.map(cleanText))
    const vectors = (await bundle.sentence?.encode(sentences(texts.map(cleanText)))) as Float32Array[]
    for (const [at, text] of texts.entries()) {
      const ngrams = bundle.encoder.encode(text)
      const joined = joinEmbedding(ngrams, vectors[at] as Float32Array, trained.model.vocabulary.rows)
      const wanted = headAnswer(trained.head, joined)
      const got = served.intent?.[at]
      for (const [label, value] of wanted.probabilities.entries()) {
        expect(Math.abs(value - (got?.probabilities[label] as number))).toBeLessThanOrEqual(1e-4)
      }
      expect(Math.abs(wanted.energy - (got?.energy as number))).toBeLessThanOrEqual(1e-3)
    }
  })

  it('moves the centre of the encoder into its weights without changing an answer', async () => {
    const sentence = await encoders.take('tiny')
    const texts = rows.slice(0, 40).map(({ text }) => text)
    const reader = await TextReader.open(bundle.encoder, sentence, texts)
    const settled = reader.settle(trained.head)
    const vectors = await sentence.encode(sentences(texts.map(cleanText)))
    for (const [at, read] of (await reader.read(texts)).entries()) {
      const raw = joinEmbedding(
        bundle.encoder.encode(texts[at] as string),
        vectors[at] as Float32Array,
        trained.model.vocabulary.rows,
      )
      const [before, after] = [headAnswer(trained.head, read), headAnswer(settled, raw)]
      for (const [c, value] of before.probabilities.entries()) expect(after.probabilities[c]).toBeCloseTo(value, 4)
      // Centred: n-grams are of length 1, and so are the encoder's numbers on average.
      expect(Math.hypot(...read.weights)).toBeLessThan(2)
    }
    await sentence.close()
  })

  it('stops while the encoder still reads, when asked to', async () => {
    const sentence = await encoders.take('tiny')
    const cancel = new AbortController()
    const phases: string[] = []
    const training = trainModel(rows, {
      seed: 1,
      recipe: smallRecipe(),
      sentence,
      signal: cancel.signal,
      onProgress: ({ phase }) => {
        phases.push(phase)
        cancel.abort()
      },
    })
    await expect(training).rejects.toMatchObject({ reason: 'cancelled' })
    expect(phases).toEqual(['encoder'])
    await sentence.close()
  })

  it('understands words that only the encoder knows', async () => {
    const { intent } = await answer([bundle], ['zurückzahlung', 'kennwort'])
    expect(intent?.map(({ label }) => label)).toEqual(['refund', 'password'])
  })

  it('gives its weights back, those of the encoder too', () => {
    const parts = readBundle(good)
    const [head] = fromOnnx(parts.graph, parts.manifest.heads)
    for (const [at, { path }] of trained.head.paths.entries()) {
      const back = head?.paths[at]?.path.table as Float32Array
      expect(back.length).toBe((trained.model.vocabulary.rows + 24) * path.width)
      expect(back.every((value, index) => Math.abs(value - (path.table[index] as number)) < 1e-6)).toBe(true)
    }
  })

  it.each(['I want a refund', 'kennwort', '我要退款', ''])('explains %j: all parts make up the score', async (text) => {
    const model = { ...trained.model, head: trained.head }
    const vectors = (await bundle.sentence?.encode(occlusions(text))) as Float32Array[]
    const why = explain(model, text, undefined, vectors)
    const sum = why.words.reduce((total, word) => total + word.weight, why.start + why.together)
    expect(Math.abs(sum - why.score)).toBeLessThan(1e-6)
    const { intent } = await answer([bundle], [cleanText(text)])
    expect(why.label).toBe(intent?.[0]?.label)
    const [first, second] = [...(intent?.[0]?.probabilities ?? [])].sort((a, b) => b - a) as [number, number]
    // The score is a difference of logits: the logarithm of the two probabilities' ratio.
    expect(Math.abs(why.score - Math.log(first / second))).toBeLessThan(1e-3)
    if (text === 'kennwort') expect(why.words[0]?.weight).toBeGreaterThan(0.5)
  })
})

describe('an encoder that is not the one', () => {
  const refuse = async (folder: string, code: string, from: Encoders | undefined) => {
    await expect(openBundle(folder, from ? { encoders: from } : {})).rejects.toMatchObject({
      name: 'BundleError',
      code,
    })
  }

  it('is refused when absent, when of another digest, and when its numbers differ', async () => {
    await refuse(good, 'encoder_missing', undefined)
    await refuse(good, 'encoder_missing', new Encoders(join(root, 'none')))
    const others = join(root, 'others')
    writeEncoder(join(others, 'tiny'), encoder(2))
    await refuse(good, 'encoder_mismatch', new Encoders(others))
    const forged = copy('forged')
    const taken = await new Encoders(others).take('tiny')
    const manifest = readFileSync(join(forged, 'manifest.json'), 'utf8')
    writeFileSync(
      join(forged, 'manifest.json'),
      manifest.replace(bundle.manifest.encoder?.sha256 as string, taken.sha256),
    )
    await taken.close()
    await refuse(forged, 'probe_mismatch', new Encoders(others))
  })

  it('is refused when the probes keep no vector of it', async () => {
    const folder = copy('emptied')
    const probes = JSON.parse(readFileSync(join(folder, 'probes.json'), 'utf8')) as Record<string, unknown>[]
    const text = JSON.stringify(probes.map(({ text: probe, heads }) => ({ text: probe, heads })))
    writeFileSync(join(folder, 'probes.json'), text)
    const manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
    manifest.parts['probes.json'].sha256 = sha256(text)
    writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
    await refuse(folder, 'probe_mismatch', encoders)
  })
})

describe('the server', () => {
  it('labels with it, and keeps the last good version when the next needs an encoder that is not here', async () => {
    const models = join(root, 'served')
    mkdirSync(models)
    cpSync(good, join(models, 'shop'), { recursive: true })
    const bundles = await Bundles.open({
      base: join(process.cwd(), 'models/base/bundle'),
      folder: models,
      encoders: new Encoders(installed),
    })
    const server = new InferenceServer(bundles)
    const url = `http://127.0.0.1:${await server.listen(0)}`
    const ask = async (text: string) => {
      const body = JSON.stringify({
        parameters: { bundle: 'shop' },
        inputs: [{ name: 'text', shape: [1], datatype: 'BYTES', data: [text] }],
      })
      const response = await fetch(`${url}/v2/models/lingxi/infer`, { method: 'POST', body })
      const told = (await response.json()) as { model_version: string; outputs: { name: string; data: unknown[] }[] }
      return { version: told.model_version, intent: told.outputs[0]?.data[0], sentiment: told.outputs[3]?.data[0] }
    }
    const first = await ask('kennwort')
    expect(first).toMatchObject({ intent: 'password', sentiment: expect.any(String) })
    const next = copy('next')
    const manifest = readFileSync(join(next, 'manifest.json'), 'utf8')
    writeFileSync(join(next, 'manifest.json'), manifest.replace('"name": "tiny"', '"name": "gone"'))
    rmSync(join(models, 'shop'), { recursive: true })
    renameSync(next, join(models, 'shop'))
    expect(await ask('kennwort')).toEqual(first)
    const ready = (await (await fetch(`${url}/v2/health/ready`)).json()) as {
      bundles: { id: string; encoder?: object }[]
      refused: Record<string, { code: string; message: string }>
    }
    expect(ready.refused.shop).toMatchObject({ code: 'encoder_missing', message: expect.stringContaining('"gone"') })
    expect(ready.bundles.find(({ id }) => id === 'shop')?.encoder).toEqual({ name: 'tiny', provider: 'cpu' })
    // The encoder arrives: the folder of the bundle need not change for it to be tried again.
    writeEncoder(join(installed, 'gone'), encoder(1))
    const now = performance.now()
    const clock = vi.spyOn(performance, 'now').mockImplementation(() => now + 11_000)
    const second = await ask('kennwort')
    clock.mockRestore()
    expect(second).toEqual({ ...first, version: expect.not.stringContaining(first.version) })
    expect(bundles.refusals.size).toBe(0)
    await server.close()
  })
})
