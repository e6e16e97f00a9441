/** The Open Inference Protocol v2 as plain data: reads an infer request, writes an infer answer. */
import { z } from 'zod'
import type { Labels } from './classify'

export const MODEL_NAME = 'lingxi'
/** A model's address: its own, or that of one version; alone, or with what is asked of it. */
const MODEL_PATH = /^\/v2\/models\/([^/]+)(?:\/versions\/([^/]+))?(?:\/(infer|explain|ready))?$/

/** Undefined when the path is none of a model. */
export function readModelPath(path: string): { model: string; version?: string; verb: string } | undefined {
  const [, model, version, verb] = MODEL_PATH.exec(path) ?? []
  return model ? { model, ...(version ? { version } : {}), verb: verb ?? '' } : undefined
}

/** One request asks for at most this many texts. */
export const MAXIMUM_TEXTS = 256

const request = z.object({
  id: z.string().max(200).optional(),
  parameters: z.looseObject({ bundle: z.string().min(1).max(120).optional() }).optional(),
  inputs: z
    .array(
      z.object({
        name: z.string(),
        shape: z.array(z.number().int().nonnegative()).min(1).max(2),
        datatype: z.string(),
        data: z.array(z.unknown()),
      }),
    )
    .min(1),
  outputs: z.array(z.object({ name: z.string() })).optional(),
})

export interface InferRequest {
  id?: string
  bundle: string
  texts: string[]
  /** Output tensors that were asked for; all when absent. */
  outputs?: string[]
}

export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
}

/** Throws a ProtocolError whose message says what is wrong. */
export function readInfer(body: unknown): InferRequest {
  const parsed = request.safeParse(body)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new ProtocolError(`${issue?.path.join('.') || 'body'}: ${issue?.message}`)
  }
  const input = parsed.data.inputs.find(({ name }) => name === 'text')
  if (!input) throw new ProtocolError('inputs: there is no input named "text"')
  if (input.datatype !== 'BYTES') throw new ProtocolError('inputs: "text" must have datatype BYTES')
  const size = input.shape.reduce((product, side) => product * side, 1)
  if (size !== input.data.length) {
    throw new ProtocolError(`inputs: shape says ${size} texts, data holds ${input.data.length}`)
  }
  if (size > MAXIMUM_TEXTS) throw new ProtocolError(`inputs: at most ${MAXIMUM_TEXTS} texts at once`)
  const wrong = input.data.findIndex((text) => typeof text !== 'string')
  if (wrong >= 0) throw new ProtocolError(`inputs: data[${wrong}] is not a string`)
  const outputs = parsed.data.outputs?.map(({ name }) => name)
  const unknown = outputs?.find((name) => !OUTPUTS.some(([known]) => known === name))
  if (unknown !== undefined) throw new ProtocolError(`outputs: there is no output named "${unknown}"`)
  return {
    ...(parsed.data.id ? { id: parsed.data.id } : {}),
    bundle: parsed.data.parameters?.bundle ?? 'base',
    texts: input.data as string[],
    ...(outputs?.length ? { outputs } : {}),
  }
}

const why = z.object({
  parameters: z.looseObject({ bundle: z.string().min(1).max(120).optional() }).optional(),
  head: z.enum(['intent', 'sentiment', 'urgency']).default('intent'),
  text: z.string(),
  label: z.string().optional(),
  against: z.string().optional(),
})

export interface ExplainRequest {
  bundle: string
  head: 'intent' | 'sentiment' | 'urgency'
  text: string
  label?: string
  against?: string
}

/** An extension of the protocol: which words decided. Throws a ProtocolError. */
export function readExplain(body: unknown): ExplainRequest {
  const parsed = why.safeParse(body)
  if (!parsed.success)
    throw new ProtocolError(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
  const { parameters, head, text, label, against } = parsed.data
  const asked = { ...(label ? { label } : {}), ...(against ? { against } : {}) }
  return { bundle: parameters?.bundle ?? 'base', head, text, ...asked }
}

/** Output tensors: name, datatype and the label they carry, in the order in which they are written. */
export const OUTPUTS: readonly [name: string, datatype: 'BYTES' | 'FP32' | 'BOOL', key: keyof Labels][] = [
  ['intent', 'BYTES', 'intent'],
  ['intent_probability', 'FP32', 'intentProbability'],
  ['intent_in_scope', 'BOOL', 'intentInScope'],
  ['sentiment', 'BYTES', 'sentiment'],
  ['sentiment_probability', 'FP32', 'sentimentProbability'],
  ['sentiment_score', 'FP32', 'sentimentScore'],
  ['language', 'BYTES', 'language'],
  ['language_probability', 'FP32', 'languageProbability'],
  ['urgency', 'BYTES', 'urgency'],
  ['urgency_probability', 'FP32', 'urgencyProbability'],
]

/** Four decimals: what a calibrated probability can honestly carry. */
function short(value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 10_000) / 10_000 : value
}

export function writeInfer(
  labels: readonly Labels[],
  modelVersion: string,
  { id, outputs }: Pick<InferRequest, 'id' | 'outputs'> = {},
): object {
  const wanted = OUTPUTS.filter(([name]) => !outputs || outputs.includes(name))
  return {
    model_name: MODEL_NAME,
    model_version: modelVersion,
    ...(id ? { id } : {}),
    outputs: wanted.map(([name, datatype, key]) => ({
      name,
      datatype,
      shape: [labels.length],
      data: labels.map((label) => short(label[key])),
    })),
  }
}

export function writeMetadata(modelVersions: string[]): object {
  return {
    name: MODEL_NAME,
    versions: modelVersions,
    platform: 'onnxruntime_onnx',
    inputs: [{ name: 'text', datatype: 'BYTES', shape: [-1] }],
    outputs: OUTPUTS.map(([name, datatype]) => ({ name, datatype, shape: [-1] })),
  }
}
