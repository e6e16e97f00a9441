/** Fetches an encoder's files from the model hub; without the internet it fails with one sentence. */
import { createWriteStream, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { EncoderError } from './error'

const HUB = 'https://huggingface.co'
const NEEDED = ['tokenizer.json', 'onnx/model.onnx']
/** Present or not, by kind of encoder. */
const FURTHER = [
  'tokenizer_config.json',
  '1_Pooling/config.json',
  'config_sentence_transformers.json',
  'onnx/model.onnx_data',
]

export async function fetchEncoder(id: string, into: string, hub = HUB): Promise<void> {
  for (const file of [...NEEDED, ...FURTHER]) {
    let response: Response
    try {
      response = await fetch(`${hub}/${id}/resolve/main/${file}`)
    } catch {
      throw unreachable(id, hub)
    }
    if (!response.ok || !response.body) {
      await response.body?.cancel()
      if (FURTHER.includes(file) && response.status === 404) continue
      throw new EncoderError('absent', `${id} has no ${file} on ${hub} (${response.status})`)
    }
    mkdirSync(dirname(join(into, file)), { recursive: true })
    try {
      await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(join(into, file)))
    } catch {
      throw unreachable(id, hub)
    }
  }
}

function unreachable(id: string, hub: string): EncoderError {
  return new EncoderError('unreachable', `${id} cannot be fetched: ${hub} is out of reach; give a folder instead`)
}
