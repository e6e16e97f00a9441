/** Sentence encoders, on a tiny transformer that is built here: what it computes, how it is installed and shared. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fetchEncoder } from '@/models/encoder/hub'
import { Encoders } from '@/models/encoder/installed'
import { openEncoder } from '@/models/encoder/open-encoder'
import { byHand, tinyEncoder, writeEncoder } from './tiny-encoder'

const root = mkdtempSync(join(tmpdir(), 'lingxi-encoder-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const tiny = tinyEncoder(['where', 'is', 'my', 'order', 'refund', 'me', '退', '款'])
const folder = (name: string, settings?: Record<string, object>) => writeEncoder(join(root, name), tiny, settings)

describe('a sentence encoder', () => {
  it('gives what the transformer computes, padding never counting', async () => {
    const encoder = await openEncoder(folder('mean'))
    expect(encoder).toMatchObject({ name: 'mean', dimensions: tiny.width, pooling: 'mean' })
    const [long, short] = await encoder.encode(['Where is my order', 'refund me'])
    const [alone] = await encoder.encode(['refund me'])
    for (const [d, value] of byHand(tiny, [3, 4, 5, 6]).entries()) expect(long?.[d]).toBeCloseTo(value, 5)
    for (const [d, value] of byHand(tiny, [7, 8]).entries()) {
      expect(short?.[d]).toBeCloseTo(value, 5)
      expect(alone?.[d]).toBeCloseTo(value, 5)
    }
    expect(await encoder.encode([])).toEqual([])
    await encoder.close()
  })

  it('answers many texts of all lengths in the order asked, and stops reading very long ones', async () => {
    const encoder = await openEncoder(folder('many'))
    const texts = Array.from({ length: 200 }, (_, at) => 'where is my order '.repeat((at * 7) % 80).trim() || 'me')
    const together = await encoder.encode(texts)
    for (const at of [0, 1, 57, 199]) {
      const [alone] = await encoder.encode([texts[at] as string])
      for (const [d, value] of (alone as Float32Array).entries()) expect(together[at]?.[d]).toBeCloseTo(value, 5)
    }
    const long = await encoder.encode(['order '.repeat(300), 'order '.repeat(256)])
    expect(long[0]).toEqual(long[1])
    await encoder.close()
  })

  it('reads pooling and prompt from its folder', async () => {
    const cls = await openEncoder(folder('cls', { '1_Pooling/config.json': { pooling_mode_cls_token: true } }))
    expect(cls.pooling).toBe('cls')
    const prompted = await openEncoder(
      folder('prompted', { 'config_sentence_transformers.json': { prompts: { query: 'where ' } } }),
    )
    const [vector] = await prompted.encode(['is'])
    for (const [d, value] of byHand(tiny, [3, 4]).entries()) expect(vector?.[d]).toBeCloseTo(value, 5)
    expect(prompted.sha256).not.toBe(cls.sha256)
    await Promise.all([cls.close(), prompted.close()])
  })

  it('frames a text with the signs that its tokenizer asks for', async () => {
    const path = folder('framed')
    const file = join(path, 'tokenizer.json')
    const tokenizer = JSON.parse(readFileSync(file, 'utf8'))
    const sign = (id: string) => ({ SpecialToken: { id, type_id: 0 } })
    tokenizer.added_tokens = [{ id: 2, content: '[CLS]', special: true }]
    tokenizer.post_processor = {
      type: 'TemplateProcessing',
      single: [sign('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }],
      pair: [sign('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, { Sequence: { id: 'B', type_id: 1 } }],
      special_tokens: { '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] } },
    }
    writeFileSync(file, JSON.stringify(tokenizer))
    const encoder = await openEncoder(path)
    const [vector] = await encoder.encode(['refund me'])
    for (const [d, value] of byHand(tiny, [2, 7, 8]).entries()) expect(vector?.[d]).toBeCloseTo(value, 5)
    await encoder.close()
  })

  it('says what a folder lacks', async () => {
    await expect(openEncoder(root)).rejects.toThrow('has no tokenizer.json')
    const empty = folder('empty')
    rmSync(join(empty, 'onnx/model.onnx'))
    await expect(openEncoder(empty)).rejects.toThrow('has no onnx/model*.onnx')
    const broken = folder('broken')
    writeFileSync(join(broken, 'onnx/model.onnx'), 'nonsense')
    await expect(openEncoder(broken)).rejects.toMatchObject({ name: 'EncoderError', code: 'damaged' })
  })
})

describe('installed encoders', () => {
  it('are opened once for all who take them, and only under a plain name', async () => {
    const encoders = new Encoders(root)
    folder('shared')
    const [one, two] = await Promise.all([encoders.take('shared'), encoders.take('shared')])
    await one.close()
    await one.close()
    // Still open: the other has not closed it.
    expect(await two.encode(['order'])).toHaveLength(1)
    await two.close()
    await expect(two.encode(['order'])).rejects.toThrow()
    for (const name of ['nowhere', '../shared', '.hidden', '']) {
      await expect(encoders.take(name)).rejects.toMatchObject({ code: 'absent' })
    }
  })
})

describe('the hub', () => {
  it('brings the files that an encoder needs, and says in one sentence what is wrong', async () => {
    const from = folder('source')
    const hub = createServer((request, response) => {
      const file = request.url?.replace('/lab/tiny/resolve/main/', '') ?? ''
      try {
        response.end(readFileSync(join(from, file)))
      } catch {
        response.writeHead(404).end()
      }
    })
    await new Promise<void>((done) => hub.listen(0, '127.0.0.1', done))
    const url = `http://127.0.0.1:${(hub.address() as { port: number }).port}`
    await fetchEncoder('lab/tiny', join(root, 'fetched'), url)
    const [fetched, own] = await Promise.all([openEncoder(join(root, 'fetched')), openEncoder(from)])
    expect(fetched.sha256).toBe(own.sha256)
    await Promise.all([fetched.close(), own.close()])
    await expect(fetchEncoder('lab/none', join(root, 'none'), url)).rejects.toThrow('lab/none has no tokenizer.json')
    hub.closeAllConnections()
    await new Promise((done) => hub.close(done))
    await expect(fetchEncoder('lab/tiny', join(root, 'away'), url)).rejects.toThrow(
      `lab/tiny cannot be fetched: ${url} is out of reach; give a folder instead`,
    )
  })
})
