/** Serving: the protocol's contract, errors, several bundles, hot swap and batching, over a real socket. */
import { cpSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listSupportedBackends } from 'onnxruntime-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeBundle } from '@/models/bundle/write'
import { Batcher } from '@/models/serve/batcher'
import { Bundles } from '@/models/serve/bundles'
import { readInfer } from '@/models/serve/protocol'
import { cudaStep, openSession } from '@/models/serve/runtime'
import { InferenceServer } from '@/models/serve/server'
import { FACTS, smallModel } from './small-model'

const root = mkdtempSync(join(tmpdir(), 'lingxi-serve-'))
const BASE = join(process.cwd(), 'models/base/bundle')
let server: InferenceServer
let url: string

interface Answer {
  model_version: string
  outputs: { name: string; datatype: string; shape: number[]; data: unknown[] }[]
}

const body = (data: unknown[], bundle?: string) => ({
  ...(bundle ? { parameters: { bundle } } : {}),
  inputs: [{ name: 'text', shape: [data.length], datatype: 'BYTES', data }],
})
const post = (payload: unknown) =>
  fetch(`${url}/v2/models/lingxi/infer`, {
    method: 'POST',
    body: typeof payload === 'string' ? payload : JSON.stringify(payload),
  })
const infer = async (texts: string[], bundle?: string) => (await (await post(body(texts, bundle))).json()) as Answer
const column = (answer: Answer, name: string) => answer.outputs.find((output) => output.name === name)?.data

beforeAll(async () => {
  const folder = join(root, 'models')
  mkdirSync(folder)
  const one = await smallModel(1)
  const two = await smallModel(2)
  await writeBundle(join(folder, 'shop-1'), one.model, { ...FACTS, id: 'shop-1' })
  await writeBundle(join(root, 'next'), two.model, { ...FACTS, id: 'shop-1' })
  await writeBundle(join(folder, 'shop-2'), two.model, { ...FACTS, id: 'shop-2' })
  const bundles = await Bundles.open({ base: BASE, folder, limit: 1 })
  server = new InferenceServer(bundles)
  url = `http://127.0.0.1:${await server.listen(0)}`
}, 60_000)
afterAll(async () => {
  await server.close()
  rmSync(root, { recursive: true, force: true })
})

describe('the base', () => {
  it('labels the two sentences of the story', async () => {
    const answer = await infer(['我要退款，太慢了!', 'Where is my order?'])
    expect(column(answer, 'intent')).toEqual(['refund', 'order_status'])
    expect(column(answer, 'sentiment')).toEqual(['negative', 'neutral'])
    expect(column(answer, 'language')).toEqual(['zh', 'en'])
    expect(column(answer, 'intent_in_scope')).toEqual([true, true])
  })

  it('keeps the contract: every output, its type and its shape', async () => {
    const answer = await infer(['hello', '', '😀'], 'base')
    expect(answer.outputs.map(({ name, datatype }) => [name, datatype])).toEqual([
      ['intent', 'BYTES'],
      ['intent_probability', 'FP32'],
      ['intent_in_scope', 'BOOL'],
      ['sentiment', 'BYTES'],
      ['sentiment_probability', 'FP32'],
      ['sentiment_score', 'FP32'],
      ['language', 'BYTES'],
      ['language_probability', 'FP32'],
      ['urgency', 'BYTES'],
      ['urgency_probability', 'FP32'],
    ])
    for (const { shape, data } of answer.outputs) {
      expect(shape).toEqual([3])
      expect(data).toHaveLength(3)
    }
    expect(column(answer, 'intent_in_scope')).toMatchObject({ 1: false })
    expect(answer.model_version).toMatch(/^[0-9a-f]{12}$/)
  })

  it('answers any Unicode and very long texts', async () => {
    const answer = await infer(['\u0000\ud800', 'ﷺ'.repeat(2000), '退'.repeat(8000), 'a'.repeat(8000)])
    expect(column(answer, 'intent')).toHaveLength(4)
    for (const value of column(answer, 'intent_probability') as number[]) expect(value).toBeLessThanOrEqual(1)
  })

  it('gives the same answer alone and in company', async () => {
    const texts = Array.from({ length: 70 }, (_, at) => `${'refund '.repeat(at % 9)}order ${at}`)
    const together = await infer(texts)
    const alone = await Promise.all(texts.slice(0, 10).map((text) => infer([text])))
    alone.forEach((one, at) => {
      const [own] = column(one, 'intent_probability') as number[]
      expect(
        Math.abs((own as number) - ((column(together, 'intent_probability') as number[])[at] as number)),
      ).toBeLessThan(2e-4)
    })
  })
})

describe('errors', () => {
  const refused = async (payload: unknown, status: number, code: string) => {
    const response = await post(payload)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ code, error: expect.any(String) })
  }

  it('say what is wrong', async () => {
    await refused('{', 400, 'invalid_request')
    await refused({}, 400, 'invalid_request')
    await refused(body([1]), 400, 'invalid_request')
    await refused({ inputs: [{ name: 'text', shape: [2], datatype: 'BYTES', data: ['a'] }] }, 400, 'invalid_request')
    await refused({ inputs: [{ name: 'text', shape: [1], datatype: 'FP32', data: ['a'] }] }, 400, 'invalid_request')
    await refused(body(new Array(257).fill('a')), 400, 'invalid_request')
    await refused(body(['a'], 'unknown'), 404, 'bundle_missing')
    await refused(body(['a'], '../base'), 404, 'bundle_missing')
    await refused(`"${'x'.repeat(9 * 1024 * 1024)}"`, 413, 'body_too_large')
    expect((await fetch(`${url}/nothing`)).status).toBe(404)
    expect((await fetch(`${url}/v2`, { method: 'DELETE' })).status).toBe(405)
  })

  it('an empty request gets empty columns', async () => {
    expect(column(await infer([]), 'intent')).toEqual([])
  })
})

describe('health and metadata', () => {
  it('tell the provider in use and the outputs', async () => {
    const ready = (await (await fetch(`${url}/v2/health/ready`)).json()) as {
      provider: { used: string }
      bundles: { id: string }[]
    }
    expect(ready.provider.used).toBe('cpu')
    expect(ready.bundles[0]?.id).toBe('base')
    expect((await fetch(`${url}/v2/health/live`)).status).toBe(200)
    const metadata = (await (await fetch(`${url}/v2/models/lingxi`)).json()) as { outputs: unknown[] }
    expect(metadata.outputs).toHaveLength(10)
  })

  it('a provider that is not there falls back to the CPU and says which step brings it', async () => {
    const { session, choice } = await openSession(readFileSync(join(BASE, 'model.onnx')), 'cuda')
    if (choice.used === 'cpu') expect(choice.note).toContain('onnxruntime-node-install=cuda12')
    await session.release()
    // No platform has both: the one that this runtime lacks must not be called the one in use.
    for (const wish of ['directml', 'coreml'] as const) {
      const opened = await openSession(readFileSync(join(BASE, 'model.onnx')), wish)
      const built = listSupportedBackends().some(({ name }) => name === { directml: 'dml', coreml: 'coreml' }[wish])
      if (!built) expect(opened.choice).toMatchObject({ used: 'cpu', note: expect.stringContaining('not part of') })
      await opened.session.release()
    }
  })

  it('left to itself a head stays on the CPU, card or not', async () => {
    const { session, choice } = await openSession(readFileSync(join(BASE, 'model.onnx')), 'auto', 'head')
    expect(choice).toEqual({ wished: 'auto', used: 'cpu' })
    await session.release()
  })

  it('an encoder goes to a card where there is one, else to the CPU with the reason', async () => {
    const { session, choice } = await openSession(readFileSync(join(BASE, 'model.onnx')), 'auto', 'encoder')
    // With a card it is the card; without one there is nothing to say.
    if (choice.used === 'cpu') expect(choice.note ?? 'did not start').toMatch(/did not start|not installed/)
    else expect(['cuda', 'webgpu']).toContain(choice.used)
    await session.release()
  })

  it.each([
    ['', 'linux x64', 'onnxruntime-node-install=cuda12'],
    ['Failed to load library libcudnn.so.9: cannot open shared object file', 'linux x64', 'install cuDNN 9'],
    ['libcublasLt.so.12: cannot open shared object file', 'linux x64', 'install the CUDA 12 runtime'],
    ['libcuda.so.1: cannot open shared object file', 'linux x64', 'driver'],
    ['CUDA failure 100: no CUDA-capable device is detected', 'linux x64', 'nvidia-smi'],
    ['something else', 'linux x64', 'something else'],
    ['', 'darwin arm64', 'this is darwin arm64'],
  ])('names the step that brings CUDA: %j on %s', (told, platform, step) => {
    expect(cudaStep(told, platform)).toContain(step)
  })
})

describe('bundles', () => {
  it('answer with their own intents and the base’s sentiment, within the bound of memory', async () => {
    const own = await infer(['where is my parcel', 'this is terrible, I am so angry'], 'shop-1')
    expect(column(own, 'intent')?.[0]).toBe('order_status')
    expect(column(own, 'sentiment')?.[1]).toBe('negative')
    await infer(['hello'], 'shop-2')
    const ready = (await (await fetch(`${url}/v2/health/ready`)).json()) as { bundles: { id: string }[] }
    expect(ready.bundles.map(({ id }) => id)).toEqual(['base', 'shop-2'])
  })

  it('are swapped without a dropped request, and a bad one leaves the last good one serving', async () => {
    const folder = join(root, 'models/shop-1')
    const before = (await infer(['hello'], 'shop-1')).model_version
    const asking = Array.from({ length: 40 }, () => infer(['where is my parcel'], 'shop-1'))
    rmSync(folder, { recursive: true })
    renameSync(join(root, 'next'), folder)
    const answers = await Promise.all(asking)
    expect(answers.every((answer) => column(answer, 'intent')?.[0] === 'order_status')).toBe(true)
    const after = (await infer(['hello'], 'shop-1')).model_version
    expect(after).not.toBe(before)
    const bad = join(root, 'bad')
    cpSync(folder, bad, { recursive: true })
    writeFileSync(join(bad, 'model.onnx'), 'nonsense')
    rmSync(folder, { recursive: true })
    renameSync(bad, folder)
    expect((await infer(['hello'], 'shop-1')).model_version).toBe(after)
    const ready = (await (await fetch(`${url}/v2/health/ready`)).json()) as {
      refused: Record<string, { code: string }>
    }
    expect(ready.refused['shop-1']?.code).toBe('digest_mismatch')
  })
})

describe('batching', () => {
  it('gathers what comes while a run is busy, in runs of at most 32, in order', async () => {
    const sizes: number[] = []
    const batcher = new Batcher(async (texts: string[]) => {
      sizes.push(texts.length)
      await new Promise((resolve) => setTimeout(resolve, 5))
      return texts.map((text) => `${text}!`)
    })
    const answers = await Promise.all(Array.from({ length: 100 }, (_, at) => batcher.ask(String(at))))
    expect(answers).toEqual(Array.from({ length: 100 }, (_, at) => `${at}!`))
    expect(Math.max(...sizes)).toBeLessThanOrEqual(32)
    expect(sizes.length).toBeLessThanOrEqual(6)
  })

  it('a failed run fails its own texts only', async () => {
    let runs = 0
    const batcher = new Batcher(async (texts: string[]) => {
      if (runs++ === 0) throw new Error('no')
      return texts
    })
    await expect(batcher.ask('a')).rejects.toThrow('no')
    expect(await batcher.ask('b')).toBe('b')
  })
})

describe('requests', () => {
  it('keep id and bundle', () => {
    expect(readInfer({ id: '7', ...body(['x'], 'shop') })).toEqual({ id: '7', bundle: 'shop', texts: ['x'] })
    expect(readInfer(body(['x'])).bundle).toBe('base')
  })
})
