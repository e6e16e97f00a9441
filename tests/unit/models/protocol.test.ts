/** The Open Inference Protocol v2 both ways: our server against the specification's shapes, our client against a strict server. */
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { OipClassifier } from '@/lib/platform/inference/classifier.oip'
import type { Log } from '@/lib/platform/log'
import { Bundles } from '@/models/serve/bundles'
import { InferenceServer } from '@/models/serve/server'

/** The protocol's JSON, as its specification writes it; strict, so that nothing else may stand there. */
const tensorOut = z.strictObject({
  name: z.string(),
  shape: z.array(z.number().int()),
  datatype: z.enum(['BOOL', 'INT32', 'INT64', 'FP32', 'FP64', 'BYTES']),
  parameters: z.looseObject({}).optional(),
  data: z.array(z.union([z.string(), z.number(), z.boolean()])),
})
const inferResponse = z.strictObject({
  model_name: z.string(),
  model_version: z.string().optional(),
  id: z.string().optional(),
  parameters: z.looseObject({}).optional(),
  outputs: z.array(tensorOut),
})
const inferRequest = z.strictObject({
  id: z.string().optional(),
  parameters: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  inputs: z.array(tensorOut).min(1),
  outputs: z.array(z.strictObject({ name: z.string(), parameters: z.looseObject({}).optional() })).optional(),
})
const tensorMetadata = z.strictObject({ name: z.string(), datatype: z.string(), shape: z.array(z.number().int()) })
const modelMetadata = z.strictObject({
  name: z.string(),
  versions: z.array(z.string()).optional(),
  platform: z.string(),
  inputs: z.array(tensorMetadata),
  outputs: z.array(tensorMetadata),
})
const serverMetadata = z.strictObject({ name: z.string(), version: z.string(), extensions: z.array(z.string()) })

let server: InferenceServer
let url: string
const text = (...data: string[]) => ({ name: 'text', shape: [data.length], datatype: 'BYTES', data })

beforeAll(async () => {
  server = new InferenceServer(await Bundles.open({ base: join(process.cwd(), 'models/base/bundle') }))
  url = `http://127.0.0.1:${await server.listen(0)}`
}, 60_000)
afterAll(() => server.close())

async function call(path: string, body?: object) {
  const response = await fetch(`${url}${path}`, body ? { method: 'POST', body: JSON.stringify(body) } : {})
  expect(response.headers.get('content-type')).toBe('application/json')
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

describe('our server', () => {
  it('tells health, server and model as the protocol has them', async () => {
    expect(await call('/v2/health/live')).toMatchObject({ status: 200, body: { live: true } })
    expect(await call('/v2/health/ready')).toMatchObject({ status: 200, body: { ready: true } })
    expect(serverMetadata.parse((await call('/v2')).body).name).toBe('lingxi-inference')
    const model = modelMetadata.parse((await call('/v2/models/lingxi')).body)
    expect(model.inputs).toEqual([{ name: 'text', datatype: 'BYTES', shape: [-1] }])
    const [version] = model.versions as [string]
    expect((await call(`/v2/models/lingxi/versions/${version}`)).status).toBe(200)
    expect(await call(`/v2/models/lingxi/versions/${version}/ready`)).toMatchObject({
      status: 200,
      body: { name: 'lingxi', ready: true },
    })
  })

  it('answers all outputs, or those asked for, under the id given', async () => {
    const { outputs: promised } = modelMetadata.parse((await call('/v2/models/lingxi')).body)
    const all = await call('/v2/models/lingxi/infer', { id: '7', inputs: [text('refund', '你好')] })
    const parsed = inferResponse.parse(all.body)
    expect(parsed).toMatchObject({ id: '7', model_name: 'lingxi' })
    expect(parsed.outputs.map(({ name, datatype }) => [name, datatype])).toEqual(
      promised.map(({ name, datatype }) => [name, datatype]),
    )
    const kinds = { BYTES: 'string', FP32: 'number', BOOL: 'boolean' } as Record<string, string>
    for (const { shape, data, datatype } of parsed.outputs) {
      expect(shape).toEqual([2])
      expect(data.map((value) => typeof value)).toEqual([kinds[datatype], kinds[datatype]])
    }
    const some = await call('/v2/models/lingxi/infer', {
      inputs: [{ ...text('refund'), shape: [1, 1] }],
      outputs: [{ name: 'intent' }, { name: 'sentiment' }],
    })
    expect(inferResponse.parse(some.body).outputs.map(({ name }) => name)).toEqual(['intent', 'sentiment'])
  })

  it('explains through our client: the parts sum to the score, and what it cannot explain is no answer', async () => {
    const client = new OipClassifier(url, { warn: () => undefined } as unknown as Log)
    const ask = (head: 'intent' | 'sentiment', said: string, bundle = 'base') =>
      client.explain({ text: said, bundle, head }, 4_000)
    const why = await ask('intent', 'I want a refund')
    expect(why).toMatchObject({ label: 'refund', modelVersion: expect.stringMatching(/^[0-9a-f]{12}$/) })
    expect(why?.ranked[0]?.label).toBe('refund')
    const words = why?.words ?? []
    const sum = words.reduce((all, { weight }) => all + weight, (why?.start ?? 0) + (why?.together ?? 0))
    expect(sum).toBeCloseTo(why?.score ?? 0, 6)
    expect(words.toSorted((a, b) => b.weight - a.weight)[0]?.text).toBe('refund')
    expect((await ask('sentiment', 'I am very angry'))?.label).toBe('negative')
    expect(await ask('intent', 'hello', 'nobody')).toBeNull()
    // Where one is refused the next explains, and says who it is.
    const asked = { text: 'I want a refund', bundle: 'nobody', head: 'intent' } as const
    const otherwise = ['nobody-else', 'base']
    expect((await client.explain({ ...asked, otherwise }, 4_000))?.modelVersion).toBe(why?.modelVersion)
    expect((await call('/v2/models/lingxi/explain', { text: 'a', label: 'none' })).status).toBe(400)
    expect((await call('/v2/models/lingxi/explain', {})).status).toBe(400)
    await client.close()
  })

  it('refuses with a status of its own and {error}', async () => {
    const infer = '/v2/models/lingxi/infer'
    const cases: [string, object | undefined, number][] = [
      ['/v2/models/other', undefined, 404],
      ['/v2/models/other/infer', { inputs: [text('a')] }, 404],
      ['/v2/models/lingxi/versions/none/infer', { inputs: [text('a')] }, 404],
      ['/v2/nothing', undefined, 404],
      [infer, { inputs: [] }, 400],
      [infer, { inputs: [text('a')], outputs: [{ name: 'none' }] }, 400],
      [infer, { inputs: [{ ...text('a'), name: 'other' }] }, 400],
      [infer, { inputs: [{ ...text('a'), datatype: 'INT64' }] }, 400],
      [infer, { inputs: [{ ...text('a'), shape: [2] }] }, 400],
      [infer, { inputs: [{ ...text('a'), shape: [-1] }] }, 400],
    ]
    for (const [path, body, status] of cases) {
      const answer = await call(path, body)
      expect([path, answer.status]).toEqual([path, status])
      expect(answer.body.error).toEqual(expect.any(String))
    }
  })
})

describe('our client', () => {
  const log = { warn: () => undefined, error: () => undefined } as unknown as Log

  /** A server that refuses whatever the protocol does not allow, and answers in an order and with a version field of its own. */
  async function strictServer(answer: (texts: string[], bundle: string) => object | null) {
    const faults: string[] = []
    const http = createServer(async (request: IncomingMessage, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      const parsed = inferRequest.safeParse(JSON.parse(Buffer.concat(parts).toString()))
      const input = parsed.data?.inputs[0]
      const size = input?.shape.reduce((product, side) => product * side, 1)
      if (request.method !== 'POST' || request.url !== '/v2/models/lingxi/infer') faults.push(`${request.url}`)
      if (request.headers['content-type'] !== 'application/json') faults.push('content type')
      if (!parsed.success || size !== input?.data.length) faults.push(parsed.error?.message ?? 'shape')
      const said = answer(input?.data as string[], String(parsed.data?.parameters?.bundle))
      response.writeHead(faults.length ? 400 : said ? 200 : 422, { 'content-type': 'application/json' })
      response.end(JSON.stringify(faults.length ? { error: faults[0] } : (said ?? { error: 'refused' })))
    })
    await new Promise<void>((done) => http.listen(0, '127.0.0.1', done))
    const { port } = http.address() as { port: number }
    const client = new OipClassifier(`http://127.0.0.1:${port}`, log)
    const close = async () => {
      await client.close()
      http.closeAllConnections()
      http.close()
    }
    return { client, faults, close }
  }

  const column = (name: string, datatype: string, data: unknown[]) => ({ name, datatype, shape: [data.length], data })
  const answered = (texts: string[]) => ({
    model_name: 'lingxi',
    outputs: [
      column(
        'urgency',
        'BYTES',
        texts.map(() => 'normal'),
      ),
      column(
        'extra',
        'FP32',
        texts.map(() => 1),
      ),
      column(
        'sentiment',
        'BYTES',
        texts.map(() => 'neutral'),
      ),
      ...['intent', 'language'].map((name) =>
        column(
          name,
          'BYTES',
          texts.map((one) => `${name} ${one}`),
        ),
      ),
      ...['intent', 'sentiment', 'language', 'urgency'].map((name) =>
        column(
          `${name}_probability`,
          'FP32',
          texts.map(() => 0.5),
        ),
      ),
      column(
        'sentiment_score',
        'FP32',
        texts.map(() => -0.25),
      ),
      column(
        'intent_in_scope',
        'BOOL',
        texts.map(() => true),
      ),
    ],
  })

  it('asks as the protocol wants and reads outputs by their names', async () => {
    const { client, faults, close } = await strictServer(answered)
    const asked = ['a', 'b', '退款'].map((one) => client.classify({ text: one, bundle: 'base' }, 5_000))
    const labels = await Promise.all(asked)
    expect(faults).toEqual([])
    expect(labels.map((one) => one?.intent)).toEqual(['intent a', 'intent b', 'intent 退款'])
    expect(labels[0]).toMatchObject({
      inScope: true,
      sentimentScore: -0.25,
      urgency: 'normal',
      modelVersion: 'unknown',
    })
    expect(client.state()).toBe('ready')
    await close()
  })

  it('asks others in their order where a bundle is refused, and the base where nobody else is named', async () => {
    const asked: string[] = []
    const { client, close } = await strictServer((texts, bundle) => {
      asked.push(`${bundle}: ${texts}`)
      return bundle.startsWith('damaged') ? null : { ...answered(texts), model_version: bundle }
    })
    const ask = (one: string, otherwise?: string[]) =>
      client.classify({ text: one, bundle: 'damaged', otherwise }, 5_000)
    // All three travel together at first.
    const labels = await Promise.all([ask('a', ['damaged too', 'good', 'older']), ask('b'), ask('c', ['damaged too'])])
    expect(labels.map((one) => [one?.intent, one?.modelVersion])).toEqual([
      ['intent a', 'good'],
      ['intent b', 'base'],
      ['intent c', 'base'],
    ])
    expect(asked.slice(0, 1)).toEqual(['damaged: a,b,c'])
    expect(asked.slice(1).sort()).toEqual(['base: b', 'base: c', 'damaged too: a,c', 'good: a'])
    // What an account's files are like is no trouble of the machine.
    expect(client.state()).toBe('ready')
    await close()
  })

  it('takes no label from an answer that lacks one, has another length, or no probability', async () => {
    const broken: ((texts: string[]) => object)[] = [
      () => ({ model_name: 'lingxi', outputs: [] }),
      (texts) => answered([...texts, 'one more']),
      (texts) => {
        const whole = answered(texts)
        return { ...whole, outputs: whole.outputs.map((one) => (/_prob/.test(one.name) ? { ...one, data: [7] } : one)) }
      },
    ]
    for (const answer of broken) {
      const { client, close } = await strictServer(answer)
      expect(await client.classify({ text: 'a', bundle: 'base' }, 5_000)).toBeNull()
      await close()
    }
  })
})
