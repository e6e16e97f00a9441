/** Reads the weights back out of a graph that `toOnnx` wrote: explanations and training on top need them. */
import type { HeadManifest } from '../bundle/manifest'
import type { Head } from '../model'
import type { Path } from '../train/path'
import { ModelProto } from './onnx-schema'
import { dequantise } from './quantise'

interface Tensor {
  name: string
  dims: number[]
  rawData: Uint8Array
}

interface Decoded {
  graph: { initializer: Tensor[]; node: { name: string; opType: string; input: string[]; output: string[] }[] }
}

export function fromOnnx(graph: Uint8Array, heads: readonly HeadManifest[]): Head[] {
  const decoded = ModelProto.toObject(ModelProto.decode(graph), { longs: Number, arrays: true }) as unknown as Decoded
  const tensors = new Map(decoded.graph.initializer.map((tensor) => [tensor.name, tensor]))
  const bias = floats(tensors, 'table_bias')
  let table = 0
  let column = 0
  return heads.map((manifest) => {
    const paths: Head['paths'] = []
    while (tensors.has(`${manifest.name}_${paths.length}_share`)) {
      const name = `${manifest.name}_${paths.length}`
      const scale = floats(tensors, `${name}_share`)[0] as number
      if (tensors.has(`${name}_signs`)) {
        paths.push({ path: readWindows(tensors, name, manifest.labels.length), scale })
        continue
      }
      const width = (tensors.get(`table_${table}`) as Tensor).dims[1] as number
      const path = readPath(tensors, name, table, manifest.labels.length)
      path.bias = bias.slice(column, column + width)
      paths.push({ path, scale })
      column += width
      table++
    }
    return {
      name: manifest.name,
      labels: manifest.labels,
      paths,
      energyThreshold: manifest.energyThreshold ?? Number.NEGATIVE_INFINITY,
      thresholds: manifest.thresholds,
      metrics: manifest.metrics,
    }
  })
}

/** Of windows of 1 … n signs there are 1 + 2 + … + n places. */
function readWindows(tensors: Map<string, Tensor>, name: string, classes: number): Path {
  const [, places = 0, columns = 0] = (tensors.get(`${name}_signs`) as Tensor).dims
  const bias = floats(tensors, `${name}_signs_bias`)
  return {
    hidden: bias.length,
    windows: bias.length / columns,
    classes,
    width: places * columns,
    table: unpacked(tensors, `${name}_signs`, columns),
    bias,
    out: floats(tensors, `${name}_out`),
    outBias: floats(tensors, `${name}_out_bias`),
  }
}

function readPath(tensors: Map<string, Tensor>, name: string, at: number, classes: number): Path {
  const width = (tensors.get(`table_${at}`) as Tensor).dims[1] as number
  const hidden = tensors.has(`${name}_out`) ? width : 0
  return {
    hidden,
    classes,
    width,
    table: unpacked(tensors, `table_${at}`, width),
    bias: new Float32Array(width),
    out: hidden ? floats(tensors, `${name}_out`) : new Float32Array(0),
    outBias: hidden ? floats(tensors, `${name}_out_bias`) : new Float32Array(0),
  }
}

function unpacked(tensors: Map<string, Tensor>, name: string, width: number): Float32Array {
  const values = new Int8Array(new Uint8Array((tensors.get(name) as Tensor).rawData).buffer)
  return dequantise({ values, scales: floats(tensors, `${name}_scale`) }, width)
}

function floats(tensors: Map<string, Tensor>, name: string): Float32Array {
  const tensor = tensors.get(name)
  if (!tensor) throw new Error(`the graph has no ${name}`)
  return new Float32Array(new Uint8Array(tensor.rawData).buffer)
}
