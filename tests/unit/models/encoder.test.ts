/** Sentence encoders, on a tiny transformer that is built here: tokens → embedding → one attention layer → pooling. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { openEncoder } from '@/models/encoder/open-encoder'
import { GraphBuilder } from '@/models/export/graph-builder'
import { Random } from '@/models/train/random'

const root = mkdtempSync(join(tmpdir(), 'lingxi-encoder-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const WORDS = ['[PAD]', '[UNK]', '[CLS]', 'where', 'is', 'my', 'order', 'refund', 'me', '退', '款']
const WIDTH = 8
const random = new Random(4)
const normal = (count: number) => Float32Array.from({ length: count }, () => random.normal())
const table = normal(WORDS.length * WIDTH)
const [query, key] = [normal(WIDTH * WIDTH), normal(WIDTH * WIDTH)]

function graph(): Uint8Array {
  const g = new GraphBuilder('tiny_transformer')
  g.input('input_ids', 'int64', ['batch', 'tokens'])
  g.input('attention_mask', 'int64', ['batch', 'tokens'])
  const x = g.node('Gather', [g.weights('embedding', table, [WORDS.length, WIDTH]), 'input_ids'], { axis: 0 })
  const q = g.node('MatMul', [x, g.weights('query', query, [WIDTH, WIDTH])])
  const k = g.node('MatMul', [x, g.weights('key', key, [WIDTH, WIDTH])])
  const scores = g.node('MatMul', [q, g.node('Transpose', [k], { perm: [0, 2, 1] })])
  const mask = g.node('Unsqueeze', [g.node('Cast', ['attention_mask'], { to: 1 }), g.integers('axis', [1])])
  const off = g.node('Mul', [
    g.node('Sub', [mask, g.weights('one', Float32Array.of(1), [1])]),
    g.weights('far', Float32Array.of(1e9), [1]),
  ])
  const attention = g.node('Softmax', [g.node('Add', [scores, off])], { axis: -1 })
  g.node('Add', [x, g.node('MatMul', [attention, x])], {}, 'last_hidden_state')
  g.output('last_hidden_state', 'float', ['batch', 'tokens', WIDTH])
  return g.toBytes()
}

function folder(name: string, pooling?: object): string {
  const path = join(root, name)
  mkdirSync(join(path, 'onnx'), { recursive: true })
  writeFileSync(join(path, 'onnx/model.onnx'), graph())
  const vocab = Object.fromEntries(WORDS.map((word, id) => [word, id]))
  writeFileSync(
    join(path, 'tokenizer.json'),
    JSON.stringify({
      version: '1.0',
      added_tokens: [],
      normalizer: { type: 'Lowercase' },
      pre_tokenizer: { type: 'Whitespace' },
      post_processor: null,
      decoder: null,
      model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
    }),
  )
  writeFileSync(join(path, 'tokenizer_config.json'), JSON.stringify({ unk_token: '[UNK]' }))
  if (pooling) {
    mkdirSync(join(path, '1_Pooling'))
    writeFileSync(join(path, '1_Pooling/config.json'), JSON.stringify(pooling))
  }
  return path
}

/** The same mathematics in plain loops. */
function byHand(ids: number[]): number[] {
  const x = ids.map((id) => [...table.subarray(id * WIDTH, (id + 1) * WIDTH)])
  const times = (row: number[], matrix: Float32Array) =>
    Array.from({ length: WIDTH }, (_, to) =>
      row.reduce((sum, value, from) => sum + value * (matrix[from * WIDTH + to] as number), 0),
    )
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, at) => sum + value * (b[at] as number), 0)
  const [q, k] = [x.map((row) => times(row, query)), x.map((row) => times(row, key))]
  const states = x.map((row, at) => {
    const scores = k.map((other) => dot(q[at] as number[], other))
    const top = Math.max(...scores)
    const weights = scores.map((score) => Math.exp(score - top))
    const sum = weights.reduce((total, weight) => total + weight, 0)
    return row.map(
      (value, d) =>
        value + x.reduce((mixed, other, j) => mixed + ((weights[j] as number) / sum) * (other[d] as number), 0),
    )
  })
  const mean = Array.from(
    { length: WIDTH },
    (_, d) => states.reduce((sum, state) => sum + (state[d] as number), 0) / states.length,
  )
  const norm = Math.hypot(...mean)
  return mean.map((value) => value / norm)
}

describe('a sentence encoder', () => {
  it('gives what the transformer computes, padding never counting', async () => {
    const encoder = await openEncoder(folder('mean'))
    expect(encoder).toMatchObject({ dimensions: WIDTH, pooling: 'mean' })
    const [long, short] = await encoder.encode(['Where is my order', 'refund me'])
    const [alone] = await encoder.encode(['refund me'])
    for (const [d, value] of byHand([3, 4, 5, 6]).entries()) expect(long?.[d]).toBeCloseTo(value, 5)
    for (const [d, value] of byHand([7, 8]).entries()) {
      expect(short?.[d]).toBeCloseTo(value, 5)
      expect(alone?.[d]).toBeCloseTo(value, 5)
    }
    expect(await encoder.encode([])).toEqual([])
    await encoder.close()
  })

  it('reads the pooling from its folder', async () => {
    const encoder = await openEncoder(folder('cls', { pooling_mode_cls_token: true }))
    expect(encoder.pooling).toBe('cls')
    await encoder.close()
  })

  it('says what a folder lacks', async () => {
    await expect(openEncoder(root)).rejects.toThrow('has no tokenizer.json')
    const empty = folder('empty')
    rmSync(join(empty, 'onnx/model.onnx'))
    await expect(openEncoder(empty)).rejects.toThrow('has no onnx/model*.onnx')
  })
})
