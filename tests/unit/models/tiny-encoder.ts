/** A tiny transformer that tests build themselves, in the folder form of a real one: words → embedding → one attention layer. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GraphBuilder } from '@/models/export/graph-builder'
import { Random } from '@/models/train/random'

export interface TinyEncoder {
  words: string[]
  width: number
  table: Float32Array
  query: Float32Array
  key: Float32Array
}

const SPECIAL = ['[PAD]', '[UNK]', '[CLS]']

/** @param alike words that get one vector, the later ones that of the first */
export function tinyEncoder(words: readonly string[], width = 8, seed = 4, alike: string[][] = []): TinyEncoder {
  const random = new Random(seed)
  const normal = (count: number) => Float32Array.from({ length: count }, () => random.normal())
  const all = [...SPECIAL, ...words]
  const tiny = {
    words: all,
    width,
    table: normal(all.length * width),
    query: normal(width * width),
    key: normal(width * width),
  }
  for (const [first, ...others] of alike) {
    const from = all.indexOf(first as string) * width
    for (const other of others) {
      tiny.table.set(tiny.table.slice(from, from + width), all.indexOf(other) * width)
    }
  }
  return tiny
}

function graph({ words, width, table, query, key }: TinyEncoder): Uint8Array {
  const g = new GraphBuilder('tiny_transformer')
  g.input('input_ids', 'int64', ['batch', 'tokens'])
  g.input('attention_mask', 'int64', ['batch', 'tokens'])
  const x = g.node('Gather', [g.weights('embedding', table, [words.length, width]), 'input_ids'], { axis: 0 })
  const q = g.node('MatMul', [x, g.weights('query', query, [width, width])])
  const k = g.node('MatMul', [x, g.weights('key', key, [width, width])])
  const scores = g.node('MatMul', [q, g.node('Transpose', [k], { perm: [0, 2, 1] })])
  const mask = g.node('Unsqueeze', [g.node('Cast', ['attention_mask'], { to: 1 }), g.integers('axis', [1])])
  const off = g.node('Mul', [
    g.node('Sub', [mask, g.weights('one', Float32Array.of(1), [1])]),
    g.weights('far', Float32Array.of(1e9), [1]),
  ])
  const attention = g.node('Softmax', [g.node('Add', [scores, off])], { axis: -1 })
  g.node('Add', [x, g.node('MatMul', [attention, x])], {}, 'last_hidden_state')
  g.output('last_hidden_state', 'float', ['batch', 'tokens', width])
  return g.toBytes()
}

export function writeEncoder(path: string, tiny: TinyEncoder, settings: Record<string, object> = {}): string {
  mkdirSync(join(path, 'onnx'), { recursive: true })
  writeFileSync(join(path, 'onnx/model.onnx'), graph(tiny))
  const vocab = Object.fromEntries(tiny.words.map((word, id) => [word, id]))
  const tokenizer = {
    version: '1.0',
    added_tokens: [],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab, unk_token: '[UNK]' },
  }
  const files = { 'tokenizer.json': tokenizer, 'tokenizer_config.json': { unk_token: '[UNK]' }, ...settings }
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(path, name, '..'), { recursive: true })
    writeFileSync(join(path, name), JSON.stringify(content))
  }
  return path
}

/** The same mathematics in plain loops. */
export function byHand({ table, query, key, width }: TinyEncoder, ids: readonly number[]): number[] {
  const x = ids.map((id) => [...table.subarray(id * width, (id + 1) * width)])
  const times = (row: number[], matrix: Float32Array) =>
    Array.from({ length: width }, (_, to) =>
      row.reduce((sum, value, from) => sum + value * (matrix[from * width + to] as number), 0),
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
    { length: width },
    (_, d) => states.reduce((sum, state) => sum + (state[d] as number), 0) / states.length,
  )
  const norm = Math.hypot(...mean)
  return mean.map((value) => value / norm)
}
