/** `npm run encoder`: installs a sentence encoder from a folder (or the hub) and checks that it runs. */
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readEnv } from '@/lib/core/env'
import { EncoderError, openEncoder } from '@/models/encoder/open-encoder'
import { command, readOptions, UsageError } from './training/options'

const USAGE = `npm run encoder -- add FOLDER|owner/name   install an encoder (tokenizer.json + onnx/model*.onnx)
npm run encoder -- list                    what is installed`

const HUB = 'https://huggingface.co'
const FILES = ['tokenizer.json', 'tokenizer_config.json', '1_Pooling/config.json', 'onnx/model.onnx']
const NEEDED = new Set(['tokenizer.json', 'onnx/model.onnx'])

async function fromHub(id: string, into: string): Promise<void> {
  for (const file of FILES) {
    let response: Response
    try {
      response = await fetch(`${HUB}/${id}/resolve/main/${file}`)
    } catch {
      throw new EncoderError(`${id} cannot be fetched: ${HUB} is out of reach; give a folder instead`)
    }
    if (!response.ok) {
      if (!NEEDED.has(file)) continue
      throw new EncoderError(`${id} has no ${file} on ${HUB} (${response.status})`)
    }
    mkdirSync(dirname(join(into, file)), { recursive: true })
    writeFileSync(join(into, file), new Uint8Array(await response.arrayBuffer()))
  }
}

await command(USAGE, ['EncoderError'], async () => {
  const { rest } = readOptions(process.argv.slice(2), [], [])
  const folder = join(readEnv().LINGXI_DATA_DIR, 'encoders')
  const [verb, source] = rest
  if (verb === 'list') {
    const names = existsSync(folder) ? readdirSync(folder) : []
    process.stdout.write(names.length ? `${names.join('\n')}\n` : 'no encoder is installed\n')
    return
  }
  if (verb !== 'add' || !source) throw new UsageError('say what to do')
  const fresh = join(folder, `.new-${process.pid}`)
  rmSync(fresh, { recursive: true, force: true })
  mkdirSync(fresh, { recursive: true })
  try {
    if (existsSync(source)) cpSync(source, fresh, { recursive: true })
    else if (/^[\w.-]+\/[\w.-]+$/.test(source)) await fromHub(source, fresh)
    else throw new UsageError(`${source} is neither a folder nor the name of a model on the hub`)
    const encoder = await openEncoder(fresh)
    const { id, dimensions, pooling, provider } = encoder
    await encoder.close()
    rmSync(join(folder, id), { recursive: true, force: true })
    cpSync(fresh, join(folder, id), { recursive: true })
    process.stdout.write(`${JSON.stringify({ id, dimensions, pooling, provider, folder: join(folder, id) })}\n`)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
})
