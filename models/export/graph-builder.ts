/** Collects nodes and weights and writes them as one ONNX file (opset 17, IR 8). */
import { ATTRIBUTE, ModelProto, TENSOR } from './onnx-schema'

export const OPSET = 17
const IR_VERSION = 8

type Weights = Float32Array | Int8Array | BigInt64Array

interface Attribute {
  name: string
  type: number
  f?: number
  i?: number
  ints?: number[]
}

export class GraphBuilder {
  private readonly nodes: object[] = []
  private readonly initializers: object[] = []
  private readonly inputs: object[] = []
  private readonly outputs: object[] = []
  private names = 0

  constructor(private readonly name: string) {}

  /** Names in `shape` are free sizes. */
  input(name: string, type: keyof typeof TENSOR, shape: (number | string)[]): string {
    this.inputs.push(valueInfo(name, TENSOR[type], shape))
    return name
  }

  output(name: string, type: keyof typeof TENSOR, shape: (number | string)[]): void {
    this.outputs.push(valueInfo(name, TENSOR[type], shape))
  }

  weights(name: string, data: Weights, dims: number[]): string {
    const dataType =
      data instanceof Float32Array ? TENSOR.float : data instanceof Int8Array ? TENSOR.int8 : TENSOR.int64
    this.initializers.push({
      name,
      dims,
      dataType,
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    })
    return name
  }

  integers(name: string, values: number[]): string {
    return this.weights(name, BigInt64Array.from(values.map(BigInt)), [values.length])
  }

  /** Adds a node and returns the name of its single output. */
  node(opType: string, input: string[], attributes: Record<string, number | number[]> = {}, output?: string): string {
    const name = output ?? `${opType.toLowerCase()}_${this.names++}`
    this.nodes.push({ opType, input, output: [name], name: `${name}_node`, attribute: attributesOf(attributes) })
    return name
  }

  toBytes(): Uint8Array {
    return ModelProto.encode(
      ModelProto.fromObject({
        irVersion: IR_VERSION,
        producerName: 'lingxi',
        producerVersion: '1',
        opsetImport: [{ domain: '', version: OPSET }],
        graph: {
          name: this.name,
          node: this.nodes,
          initializer: this.initializers,
          input: this.inputs,
          output: this.outputs,
        },
      }),
    ).finish()
  }
}

function valueInfo(name: string, elemType: number, shape: (number | string)[]): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType, shape: { dim } } } }
}

function attributesOf(attributes: Record<string, number | number[]>): Attribute[] {
  return Object.entries(attributes).map(([name, value]) => {
    if (Array.isArray(value)) return { name, ints: value, type: ATTRIBUTE.ints }
    return { name, i: value, type: ATTRIBUTE.int }
  })
}
