/** Writes a model as one ONNX graph: gather rows → weigh and add → heads → probabilities and energy. */
import type { Head, Model } from '../model'
import type { Path } from '../train/path'
import { GraphBuilder } from './graph-builder'
import { quantise } from './quantise'

/** Paths of one kind stand side by side in one table, so the graph gathers once for all of them. */
interface Group {
  name: 'hidden' | 'linear'
  paths: Path[]
}

export function toOnnx(model: Model): Uint8Array {
  const graph = new GraphBuilder('lingxi_classifier')
  graph.input('rows', 'int32', ['batch', 'features'])
  graph.input('weights', 'float', ['batch', 'features'])
  const axis = graph.integers('axis_1', [1])
  const all = model.heads.flatMap((head) => head.paths.map(({ path }) => path))
  const sums = new Map<Path, string>()
  for (const name of ['hidden', 'linear'] as const) {
    const paths = all.filter((path) => path.hidden > 0 === (name === 'hidden'))
    if (paths.length > 0) addGroup(graph, { name, paths }, model.vocabulary.rows, axis, sums)
  }
  for (const head of model.heads) addHead(graph, head, sums)
  return graph.toBytes()
}

function addGroup(graph: GraphBuilder, group: Group, rows: number, axis: string, sums: Map<Path, string>): void {
  const width = group.paths.reduce((total, path) => total + path.width, 0)
  const values = new Int8Array(rows * width)
  const bias = new Float32Array(width)
  const parts: string[] = []
  let column = 0
  for (const [at, path] of group.paths.entries()) {
    const quantised = quantise(path.table, path.width)
    copyColumns(quantised.values, path.width, values, width, column)
    bias.set(path.bias, column)
    parts.push(graph.weights(`${group.name}_${at}_scale`, quantised.scales, [rows]))
    column += path.width
  }
  const table = graph.weights(`${group.name}_table`, values, [rows, width])
  const gathered = graph.node('Cast', [graph.node('Gather', [table, 'rows'], { axis: 0 })], { to: 1 })
  column = 0
  for (const [at, path] of group.paths.entries()) {
    const own =
      group.paths.length === 1
        ? gathered
        : slice(graph, gathered, `${group.name}_${at}`, 2, column, column + path.width)
    const scaled = graph.node('Mul', ['weights', graph.node('Gather', [parts[at] as string, 'rows'], { axis: 0 })])
    const product = graph.node('MatMul', [graph.node('Unsqueeze', [scaled, axis]), own])
    const flat = graph.node('Squeeze', [product, axis])
    const ownBias = graph.weights(`${group.name}_${at}_bias`, bias.slice(column, column + path.width), [path.width])
    sums.set(path, graph.node('Add', [flat, ownBias]))
    column += path.width
  }
}

function slice(graph: GraphBuilder, from: string, name: string, axis: number, start: number, end: number): string {
  return graph.node('Slice', [
    from,
    graph.integers(`${name}_start`, [start]),
    graph.integers(`${name}_end`, [end]),
    graph.integers(`${name}_axis`, [axis]),
  ])
}

function copyColumns(from: Int8Array, fromWidth: number, into: Int8Array, intoWidth: number, column: number): void {
  const rows = from.length / fromWidth
  for (let row = 0; row < rows; row++) {
    into.set(from.subarray(row * fromWidth, (row + 1) * fromWidth), row * intoWidth + column)
  }
}

function addHead(graph: GraphBuilder, head: Head, sums: Map<Path, string>): void {
  const classes = head.labels.length
  const blended: string[] = []
  const energies: string[] = []
  for (const [at, { path, scale }] of head.paths.entries()) {
    const name = `${head.name}_${at}`
    let logits = sums.get(path) as string
    if (path.hidden > 0) {
      const out = graph.weights(`${name}_out`, path.out, [path.hidden, classes])
      const bias = graph.weights(`${name}_out_bias`, path.outBias, [classes])
      logits = graph.node('Gemm', [graph.node('Relu', [logits]), out, bias])
    }
    if (path.hidden > 0 || head.paths.length === 1) {
      energies.push(graph.node('ReduceLogSumExp', [logits], { axes: [1], keepdims: 0 }))
    }
    blended.push(graph.node('Mul', [logits, graph.weights(`${name}_share`, Float32Array.of(scale), [1])]))
  }
  graph.node('Softmax', [addAll(graph, blended)], { axis: -1 }, head.name)
  graph.node('Identity', [addAll(graph, energies)], {}, `${head.name}_energy`)
  graph.output(head.name, 'float', ['batch', classes])
  graph.output(`${head.name}_energy`, 'float', ['batch'])
}

function addAll(graph: GraphBuilder, names: string[]): string {
  return names.reduce((sum, name) => graph.node('Add', [sum, name]))
}
