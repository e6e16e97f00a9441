/** Writes a sentence encoder with random weights: as heavy to load and run as a real one of its shape. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GraphBuilder } from '@/models/export/graph-builder'
import { Random } from '@/models/train/random'

export interface Shape {
  layers: number
  width: number
  /** Width of the layer between. */
  inner: number
}

/** multilingual-e5-small and MiniLM-L12 have it; about 100 MB. */
export const small: Shape = { layers: 12, width: 384, inner: 1536 }
/** multilingual-e5-base and bge-base have it; about 370 MB. */
export const base: Shape = { layers: 12, width: 768, inner: 3072 }

const entries = 10_000

/** Returns the size of the graph, megabytes. */
export function writeLargeEncoder(folder: string, words: readonly string[], shape = small): number {
  mkdirSync(join(folder, 'onnx'), { recursive: true })
  const file = join(folder, 'onnx/model.onnx')
  writeFileSync(file, graph(shape))
  const known = ['[UNK]', ...new Set(words)].slice(0, entries)
  const tokenizer = {
    version: '1.0',
    added_tokens: [],
    normalizer: { type: 'Lowercase' },
    pre_tokenizer: { type: 'Whitespace' },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab: Object.fromEntries(known.map((word, id) => [word, id])), unk_token: '[UNK]' },
  }
  writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ unk_token: '[UNK]' }))
  return statSync(file).size / 1e6
}

function graph({ layers, width, inner }: Shape): Uint8Array {
  const g = new GraphBuilder('large_transformer')
  const random = new Random(1)
  const weights = (name: string, from: number, to: number) =>
    g.weights(
      name,
      Float32Array.from({ length: from * to }, () => (random.float() - 0.5) * (2 / Math.sqrt(from))),
      [from, to],
    )
  const one = g.weights('one', new Float32Array(width).fill(1), [width])
  const normed = (name: string) => g.node('LayerNormalization', [name, one])
  g.input('input_ids', 'int64', ['batch', 'tokens'])
  g.input('attention_mask', 'int64', ['batch', 'tokens'])
  const mask = g.node('Unsqueeze', [g.node('Cast', ['attention_mask'], { to: 1 }), g.integers('axis', [1])])
  const off = g.node('Mul', [
    g.node('Sub', [mask, g.weights('unit', Float32Array.of(1), [1])]),
    g.weights('far', Float32Array.of(1e9), [1]),
  ])
  let x = g.node('Gather', [weights('embedding', entries, width), 'input_ids'], { axis: 0 })
  for (let layer = 0; layer < layers; layer++) {
    const times = (input: string, name: string, from = width, to = width) =>
      g.node('MatMul', [input, weights(`${name}_${layer}`, from, to)])
    const [q, k, v] = [times(x, 'query'), times(x, 'key'), times(x, 'value')]
    const scores = g.node('MatMul', [q, g.node('Transpose', [k], { perm: [0, 2, 1] })])
    const mixed = g.node('MatMul', [g.node('Softmax', [g.node('Add', [scores, off])], { axis: -1 }), v])
    x = normed(g.node('Add', [x, times(mixed, 'output')]))
    x = normed(g.node('Add', [x, times(g.node('Relu', [times(x, 'widen', width, inner)]), 'narrow', inner, width)]))
  }
  g.node('Identity', [x], {}, 'last_hidden_state')
  g.output('last_hidden_state', 'float', ['batch', 'tokens', width])
  return g.toBytes()
}
