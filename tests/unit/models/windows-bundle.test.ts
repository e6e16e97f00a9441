/** A bundle with windows over signs: served as it was trained, whatever stands beside a text, and explained to the last part. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBundle } from '@/models/bundle/read'
import { writeBundle } from '@/models/bundle/write'
import { Encoders } from '@/models/encoder/installed'
import { readTexts } from '@/models/encoder/text-reader'
import { precisionLoss } from '@/models/evaluate/precision'
import { explain, occlusions } from '@/models/explain/explain'
import { pushPerSign } from '@/models/explain/push'
import { fromOnnx } from '@/models/export/from-onnx'
import { Bundles } from '@/models/serve/bundles'
import { answer, classify } from '@/models/serve/classify'
import { openBundle } from '@/models/serve/open'
import { InferenceServer } from '@/models/serve/server'
import { cleanText } from '@/models/text/clean'
import { Encoder, type SparseText } from '@/models/text/encode'
import { headAnswer } from '@/models/train/blend'
import { pathLogits } from '@/models/train/forward'
import { type TrainedModel, trainModel } from '@/models/train/train-model'
import { FACTS, fewIntents, smallRecipe, smallWindows, windowsRecipe } from './small-model'
import { tinyEncoder, writeEncoder } from './tiny-encoder'

const rows = fewIntents()
const asked = rows.filter((_, at) => at % 6 === 0)
const NO_ROWS = { rows: new Int32Array(0), weights: new Float32Array(0) }

const root = mkdtempSync(join(tmpdir(), 'lingxi-windows-'))
const folder = join(root, 'bundle')
let trained: TrainedModel
beforeAll(async () => {
  trained = await smallWindows()
  await writeBundle(folder, trained.model, FACTS)
}, 60_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('its explanations', () => {
  it.each(['Where is my order?', '我要退款，太慢了!', 'refund 😡 my order, 退款', '退'.repeat(300), 'xyzzy', ''])(
    'of %j add up, and each word has what its signs did to the windows that won',
    (text) => {
      const { model, head } = trained
      const why = explain({ ...model, head }, text)
      const at = (label: string) => head.labels.indexOf(label)
      const score = (read: SparseText) =>
        head.paths.reduce((sum, { path, scale }) => {
          const logits = pathLogits(path, read)
          return sum + scale * ((logits[at(why.label)] as number) - (logits[at(why.against)] as number))
        }, 0)
      const read = new Encoder(model.vocabulary, model.spec).encode(text)
      expect(why.score).toBeCloseTo(score(read), 4)
      const { signs: _, ...without } = read
      const alone = explain({ ...model, head: { ...head, paths: head.paths.slice(0, 2) } }, text, why)
      const more = why.words.reduce((sum, { weight }, word) => sum + weight - (alone.words[word]?.weight ?? 0), 0)
      expect(more).toBeCloseTo(score(read) - score(without), 4)
    },
  )

  it('add up beside a sentence encoder, too', async () => {
    writeEncoder(join(root, 'encoders/tiny'), tinyEncoder(['order', 'refund'], 12))
    const sentence = await new Encoders(join(root, 'encoders')).take('tiny')
    const { model, head } = await trainModel(asked, { seed: 1, recipe: windowsRecipe(), sentence })
    const text = 'I want a refund for my order'
    const why = explain({ ...model, head }, text, undefined, await sentence.encode(occlusions(text)))
    const [read] = await readTexts(new Encoder(model.vocabulary, model.spec), sentence, [text])
    const { probabilities } = headAnswer(head, read as SparseText)
    const of = (label: string) => probabilities[head.labels.indexOf(label)] as number
    expect(read?.signs).toHaveLength(7)
    expect(why.score).toBeCloseTo(Math.log(of(why.label) / of(why.against)), 3)
    await sentence.close()
  })

  it('a sign that no winning window holds has no part', () => {
    const { head } = trained
    const only = { ...head, paths: head.paths.slice(2) }
    const windows = only.paths[0]?.path as (typeof only.paths)[0]['path']
    const table = windows.table.slice()
    table.fill(-1, 5 * windows.width, 6 * windows.width)
    const paths = [{ path: { ...windows, table }, scale: 1 }]
    const pushes = pushPerSign({ ...head, paths }, { ...NO_ROWS, signs: Int32Array.of(2, 0, 0, 0, 5) }, 0, 1)
    expect(pushes[0]).not.toBe(0)
    expect(pushes[4]).toBe(0)
  })
})

describe('its bundle', () => {
  it('is of the second version; one without signs stays of the first', async () => {
    const { manifest, vocabulary } = readBundle(folder)
    expect(manifest).toMatchObject({ version: 2, graph: { signs: 'int32[batch,places]' } })
    expect(vocabulary).toEqual(trained.model.vocabulary)
    const { model } = await trainModel(asked, { seed: 1, recipe: smallRecipe() })
    const plain = join(root, 'plain')
    const written = await writeBundle(plain, model, FACTS)
    expect([written.version, written.graph.signs]).toEqual([1, undefined])
    await (await openBundle(plain)).close()
  })

  it('answers as the trainer did, within 1e-4, alone and in any company', async () => {
    const texts = [...rows.map(({ text }) => text), '', '?', '😡', 'xyzzy', '退'.repeat(999), 'my parcel '.repeat(300)]
    const bundle = await openBundle(folder)
    const encoder = new Encoder(trained.model.vocabulary, trained.model.spec)
    const together = (await answer([bundle], texts.map(cleanText))).intent
    for (const [at, text] of texts.entries()) {
      const wanted = headAnswer(trained.head, encoder.encode(text))
      const lines = [together?.[at]]
      if (at % 20 === 0 || at >= rows.length) lines.push((await answer([bundle], [cleanText(text)])).intent?.[0])
      for (const got of lines) {
        for (const [label, value] of wanted.probabilities.entries()) {
          expect(Math.abs(value - (got?.probabilities[label] ?? 9))).toBeLessThanOrEqual(1e-4)
        }
        expect(Math.abs(wanted.energy - (got?.energy ?? 9e9))).toBeLessThanOrEqual(1e-3)
      }
      // The same to the last digit but that of a longer sum: nothing but padding is different.
      const [first, second] = lines
      for (const [label, value] of (second?.probabilities ?? []).entries()) {
        expect(Math.abs(value - (first?.probabilities[label] ?? 9))).toBeLessThanOrEqual(1e-6)
      }
    }
    await bundle.close()
  }, 60_000)

  it('gives its weights back, in eight bits as near as before', () => {
    const { graph, manifest } = readBundle(folder)
    const back = fromOnnx(graph, manifest.heads)[0]?.paths ?? []
    expect(back).toHaveLength(3)
    for (const [at, { path }] of trained.head.paths.entries()) {
      const { exact: _, table, ...shape } = path
      const { table: own, ...rest } = back[at]?.path ?? path
      expect(rest).toEqual(shape)
      expect(own.every((value, index) => Math.abs(value - (table[index] as number)) < 1e-6)).toBe(true)
    }
    const encoder = new Encoder(trained.model.vocabulary, trained.model.spec)
    const loss = precisionLoss(
      trained.head,
      asked.map(({ text }) => encoder.encode(text)),
      asked.map(({ label }) => label),
    )
    expect(loss.furthest).toBeGreaterThan(0)
    expect(loss.furthest).toBeLessThan(0.1)
  })

  it('holds no word of the training texts', () => {
    const bytes = Buffer.concat(['model.onnx', 'vocabulary.bin'].map((name) => readFileSync(join(folder, name))))
    for (const word of ['password', 'parcel', '退款', '密码']) expect(bytes.includes(word)).toBe(false)
  })
})

describe('over the Open Inference Protocol', () => {
  it('it is asked and explained beside the base, which reads no signs', async () => {
    const models = join(root, 'models')
    mkdirSync(models)
    cpSync(folder, join(models, 'shop'), { recursive: true })
    const bundles = await Bundles.open({ base: join(process.cwd(), 'models/base/bundle'), folder: models })
    const server = new InferenceServer(bundles)
    const url = `http://127.0.0.1:${await server.listen(0)}/v2/models/lingxi`
    const post = async (path: string, body: object) =>
      (await fetch(`${url}/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
    const texts = asked.map(({ text }) => text)
    const inputs = [{ name: 'text', shape: [texts.length], datatype: 'BYTES', data: texts }]
    const parameters = { bundle: 'shop' }
    const told = (await post('infer', { parameters, inputs })) as { outputs: { name: string; data: unknown[] }[] }
    const column = (name: string) => told.outputs.find((output) => output.name === name)?.data
    const wanted = await bundles.use('shop', (opened) => classify(opened, texts))
    expect(column('intent')).toEqual(wanted.map(({ intent }) => intent))
    expect(column('sentiment')).toEqual(wanted.map(({ sentiment }) => sentiment))
    const right = wanted.filter(({ intent }, at) => intent === asked[at]?.label)
    expect(right.length / asked.length).toBeGreaterThan(0.8)
    const text = 'I want a refund'
    const why = await post('explain', { parameters, text })
    const own = explain({ ...trained.model, head: trained.head }, text)
    expect(why).toMatchObject({ label: own.label, against: own.against })
    expect((why as { score: number }).score).toBeCloseTo(own.score, 3)
    await server.close()
  })
})
