/** The exported graph's contract: names, types, shapes and opset as written down, and the same answers in Python's onnxruntime. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeBundle } from '@/models/bundle/write'
import { Encoders } from '@/models/encoder/installed'
import { sentences } from '@/models/encoder/text-reader'
import { ModelProto, TENSOR } from '@/models/export/onnx-schema'
import { type OpenBundle, openBundle } from '@/models/serve/open'
import { cleanText } from '@/models/text/clean'
import { trainModel } from '@/models/train/train-model'
import { FACTS, fewIntents, smallRecipe, smallWindows } from './small-model'
import { tinyEncoder, writeEncoder } from './tiny-encoder'

const root = mkdtempSync(join(tmpdir(), 'lingxi-graph-'))
const BASE = resolve('models/base/bundle')
const joined = join(root, 'joined')
const windows = join(root, 'windows')
const encoders = new Encoders(join(root, 'encoders'))
const python = process.env.LINGXI_PYTHON ?? 'python3'
const hasPython = spawnSync(python, ['-c', 'import onnxruntime, numpy']).status === 0
const TEXTS = ['Where is my order?', '我要退款，太慢了!', '', 'refund 😡 refund', 'x'.repeat(3000)]

beforeAll(async () => {
  writeEncoder(join(root, 'encoders/tiny'), tinyEncoder(['order', 'refund'], 12))
  const sentence = await encoders.take('tiny')
  const trained = await trainModel(fewIntents(), { seed: 1, recipe: smallRecipe(), sentence })
  await writeBundle(joined, trained.model, FACTS)
  await sentence.close()
  await writeBundle(windows, (await smallWindows()).model, FACTS)
}, 60_000)
afterAll(() => rmSync(root, { recursive: true, force: true }))

interface Described {
  irVersion: number
  opsetImport: { domain: string; version: number }[]
  graph: Record<'input' | 'output', { name: string; type: { tensorType: { elemType: number; shape: Shape } } }[]>
}
interface Shape {
  dim: { dimValue?: number; dimParam?: string }[]
}

function described(folder: string) {
  const bytes = readFileSync(join(folder, 'model.onnx'))
  const { graph, ...rest } = ModelProto.toObject(ModelProto.decode(bytes), { longs: Number }) as unknown as Described
  const values = (side: 'input' | 'output') =>
    Object.fromEntries(
      graph[side].map(({ name, type: { tensorType } }) => [
        name,
        [tensorType.elemType, ...tensorType.shape.dim.map((dim) => dim.dimParam ?? dim.dimValue)],
      ]),
    )
  return { input: values('input'), output: values('output'), ...rest }
}

describe('the graph', () => {
  it('takes and gives what the manifest says, opset 17, IR 8', () => {
    expect(described(BASE)).toMatchObject({ irVersion: 8, opsetImport: [{ version: 17 }] })
    const n = TENSOR.float
    expect(described(BASE).input).toEqual({
      rows: [TENSOR.int32, 'batch', 'features'],
      weights: [n, 'batch', 'features'],
    })
    const { heads } = JSON.parse(readFileSync(join(BASE, 'manifest.json'), 'utf8')) as {
      heads: { name: string; labels: string[] }[]
    }
    const wanted = heads.flatMap(({ name, labels }) => [
      [name, [n, 'batch', labels.length]],
      [`${name}_energy`, [n, 'batch']],
    ])
    expect(described(BASE).output).toEqual(Object.fromEntries(wanted))
    expect(described(joined).input.embedding).toEqual([n, 'batch', 12])
    expect(described(windows).input).toEqual({ ...described(BASE).input, signs: [TENSOR.int32, 'batch', 'places'] })
  })
})

/** The same texts through Python. */
async function inPython(folder: string, bundle: OpenBundle) {
  const encoded = TEXTS.map((text) => bundle.encoder.encode(text))
  const padded = (lines: ArrayLike<number>[]) => {
    const width = Math.max(1, ...lines.map(({ length }) => length))
    return lines.map((line) => [...Array.from(line), ...new Array(width - line.length).fill(0)])
  }
  const signs = encoded.flatMap((text) => (text.signs ? [text.signs] : []))
  const vectors = await bundle.sentence?.encode(sentences(TEXTS.map(cleanText)))
  const input = JSON.stringify({
    rows: padded(encoded.map(({ rows }) => rows)),
    weights: padded(encoded.map(({ weights }) => weights)),
    ...(signs.length ? { signs: padded(signs) } : {}),
    ...(vectors ? { embedding: vectors.map((vector) => [...vector]) } : {}),
  })
  const ran = spawnSync(python, ['models/export/check.py', folder], { input, encoding: 'utf8', maxBuffer: 1e8 })
  expect(ran.stderr).toBe('')
  const told = JSON.parse(ran.stdout) as { answers: Record<string, number[][] | number[]> }
  return { answers: told.answers, here: await bundle.run(encoded, vectors) }
}

// Needs python3 (or LINGXI_PYTHON) with onnxruntime and numpy; with onnx its checker and shape inference run as well.
describe.skipIf(!hasPython)('in Python', () => {
  it.each(['base', 'with an encoder', 'with signs'])('the graph opens and answers alike: %s', async (which) => {
    const folder = { base: BASE, 'with an encoder': joined, 'with signs': windows }[which] as string
    const bundle = await openBundle(folder, { encoders, provider: 'cpu' })
    const { answers, here } = await inPython(folder, bundle)
    for (const [name, { probabilities, energy }] of Object.entries(here)) {
      const there = answers[name]?.flat() ?? []
      expect(there).toHaveLength(probabilities.length)
      for (const [at, value] of probabilities.entries()) expect(Math.abs(value - (there[at] ?? 9))).toBeLessThan(1e-5)
      for (const [at, value] of energy.entries()) {
        expect(Math.abs(value - ((answers[`${name}_energy`] as number[])[at] ?? 9e9))).toBeLessThan(1e-3)
      }
    }
    await bundle.close()
  })
})
