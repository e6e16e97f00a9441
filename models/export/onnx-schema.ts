/** The part of the published onnx.proto that our graphs need, by field number, as protobufjs reads it. */
import protobuf from 'protobufjs'

export const TENSOR = { float: 1, int8: 3, int32: 6, int64: 7 } as const
export const ATTRIBUTE = { float: 1, int: 2, ints: 7 } as const

function message(fields: Record<string, [rule: '' | 'repeated', type: string, id: number]>) {
  const out: Record<string, { type: string; id: number; rule?: string; options?: Record<string, boolean> }> = {}
  for (const [name, [rule, type, id]] of Object.entries(fields)) {
    // onnx.proto is proto2: repeated numbers are not packed.
    out[name] = rule ? { rule, type, id, options: { packed: false } } : { type, id }
  }
  return { fields: out }
}

const root = protobuf.Root.fromJSON({
  nested: {
    onnx: {
      nested: {
        StringStringEntryProto: message({ key: ['', 'string', 1], value: ['', 'string', 2] }),
        OperatorSetIdProto: message({ domain: ['', 'string', 1], version: ['', 'int64', 2] }),
        TensorProto: message({
          dims: ['repeated', 'int64', 1],
          dataType: ['', 'int32', 2],
          name: ['', 'string', 8],
          rawData: ['', 'bytes', 9],
        }),
        Dimension: message({ dimValue: ['', 'int64', 1], dimParam: ['', 'string', 2] }),
        TensorShapeProto: message({ dim: ['repeated', 'Dimension', 1] }),
        TensorTypeProto: message({ elemType: ['', 'int32', 1], shape: ['', 'TensorShapeProto', 2] }),
        TypeProto: message({ tensorType: ['', 'TensorTypeProto', 1] }),
        ValueInfoProto: message({ name: ['', 'string', 1], type: ['', 'TypeProto', 2] }),
        AttributeProto: message({
          name: ['', 'string', 1],
          f: ['', 'float', 2],
          i: ['', 'int64', 3],
          ints: ['repeated', 'int64', 8],
          type: ['', 'int32', 20],
        }),
        NodeProto: message({
          input: ['repeated', 'string', 1],
          output: ['repeated', 'string', 2],
          name: ['', 'string', 3],
          opType: ['', 'string', 4],
          attribute: ['repeated', 'AttributeProto', 5],
        }),
        GraphProto: message({
          node: ['repeated', 'NodeProto', 1],
          name: ['', 'string', 2],
          initializer: ['repeated', 'TensorProto', 5],
          docString: ['', 'string', 10],
          input: ['repeated', 'ValueInfoProto', 11],
          output: ['repeated', 'ValueInfoProto', 12],
        }),
        ModelProto: message({
          irVersion: ['', 'int64', 1],
          producerName: ['', 'string', 2],
          producerVersion: ['', 'string', 3],
          graph: ['', 'GraphProto', 7],
          opsetImport: ['repeated', 'OperatorSetIdProto', 8],
          metadataProps: ['repeated', 'StringStringEntryProto', 14],
        }),
      },
    },
  },
})

export const ModelProto = root.lookupType('onnx.ModelProto')
