/** Writes a model as one ONNX graph: gather rows → weigh and add (windows of signs beside them) → heads → probabilities and energy. */
import type { Head, Model } from '../model'
import { DOUBT, familiarPaths, TINY } from '../train/blend'
import type { Path } from '../train/path'
import { GraphBuilder } from './graph-builder'
import { quantise } from './quantise'
import { addWindows } from './windows-to-onnx'

/**
 * Tables are stored in eight bits with a scale per row. Unpacking them (cast × scale, side by side) has only constant
 * inputs, so the runtime does it once while loading; each text then costs one gather and one product.
 */
export function toOnnx(model: Model): Uint8Array {
  const graph = new GraphBuilder('lingxi_classifier')
  graph.input('rows', 'int32', ['batch', 'features'])
  graph.input('weights', 'float', ['batch', 'features'])
  const paths = model.heads.flatMap((head) => head.paths.map(({ path }) => path))
  const bags = paths.filter(({ windows }) => !windows)
  const sums = addTable(graph, bags, model.vocabulary.rows, model.sentence?.dimensions ?? 0)
  addWindows(graph, model, sums)
  for (const head of model.heads) addHead(graph, head, sums)
  return graph.toBytes()
}

/** Adds the shared table and gives each path its own columns of the weighted sum. */
function addTable(graph: GraphBuilder, paths: readonly Path[], ngrams: number, dimensions: number): Map<Path, string> {
  const rows = ngrams + dimensions
  const unpacked = paths.map((path, at) => {
    const { values, scales } = quantise(path.table, path.width)
    const whole = graph.node('Cast', [graph.weights(`table_${at}`, values, [rows, path.width])], { to: 1 })
    return graph.node('Mul', [whole, graph.weights(`table_${at}_scale`, scales, [rows, 1])])
  })
  const table = unpacked.length === 1 ? (unpacked[0] as string) : graph.node('Concat', unpacked, { axis: 1 })
  const axis = graph.integers('axis_1', [1])
  const gathered = graph.node('Gather', [table, 'rows'], { axis: 0 })
  let summed = graph.node('Squeeze', [
    graph.node('MatMul', [graph.node('Unsqueeze', ['weights', axis]), gathered]),
    axis,
  ])
  if (dimensions > 0) {
    // A sentence encoder's numbers are the weights of all rows behind the n-grams': a product instead of a gather.
    graph.input('embedding', 'float', ['batch', dimensions])
    const bounds = [graph.integers('embedding_start', [ngrams]), graph.integers('embedding_end', [rows])]
    const own = graph.node('Slice', [table, ...bounds, graph.integers('axis_0', [0])])
    summed = graph.node('Add', [summed, graph.node('MatMul', ['embedding', own])])
  }
  const bias = Float32Array.from(paths.flatMap((path) => [...path.bias]))
  const all = graph.node('Add', [summed, graph.weights('table_bias', bias, [bias.length])])
  const sums = new Map<Path, string>()
  let column = 0
  for (const [at, path] of paths.entries()) {
    const end = column + path.width
    const bounds = [graph.integers(`path_${at}_start`, [column]), graph.integers(`path_${at}_end`, [end]), axis]
    sums.set(path, paths.length === 1 ? all : graph.node('Slice', [all, ...bounds]))
    column = end
  }
  return sums
}

function addHead(graph: GraphBuilder, head: Head, sums: Map<Path, string>): void {
  const classes = head.labels.length
  const blended: string[] = []
  const energies: string[] = []
  const familiar = familiarPaths(head.paths.map(({ path }) => path))
  for (const [at, { path, scale }] of head.paths.entries()) {
    const name = `${head.name}_${at}`
    let logits = sums.get(path) as string
    if (path.hidden > 0) {
      const out = graph.weights(`${name}_out`, path.out, [path.hidden, classes])
      const bias = graph.weights(`${name}_out_bias`, path.outBias, [classes])
      logits = graph.node('Gemm', [graph.node('Relu', [logits]), out, bias])
    }
    if (familiar.includes(path)) {
      energies.push(graph.node('ReduceMax', [logits], { axes: [1], keepdims: 0 }))
    }
    blended.push(graph.node('Mul', [logits, graph.weights(`${name}_share`, Float32Array.of(scale), [1])]))
  }
  graph.node('Softmax', [addAll(graph, blended)], { axis: -1 }, head.name)
  const doubt = graph.weights(`${head.name}_doubt`, Float32Array.of(DOUBT), [1])
  const log = graph.node('Log', [
    graph.node('Add', [head.name, graph.weights(`${head.name}_tiny`, Float32Array.of(TINY), [1])]),
  ])
  const surprise = graph.node('Mul', [graph.node('Mul', [head.name, log]), doubt])
  const sureness = graph.node('ReduceSum', [surprise, graph.integers(`${head.name}_axis`, [1])], { keepdims: 0 })
  graph.node('Add', [addAll(graph, energies), sureness], {}, `${head.name}_energy`)
  graph.output(head.name, 'float', ['batch', classes])
  graph.output(`${head.name}_energy`, 'float', ['batch'])
}

function addAll(graph: GraphBuilder, names: string[]): string {
  return names.reduce((sum, name) => graph.node('Add', [sum, name]))
}
