/** Starts tfjs on its fastest backend that can train here: wasm where its file is found, plain JavaScript otherwise. */
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'

let ready: Promise<string> | undefined

async function start(): Promise<string> {
  // Also silences the advice to install another package, which cannot be installed everywhere.
  tf.enableProdMode()
  try {
    const require = createRequire(import.meta.url)
    const folder = dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))
    setWasmPaths(`${join(folder, 'dist')}/`)
    if (await tf.setBackend('wasm')) return 'wasm'
  } catch {
    // Falls through to the backend that works everywhere.
  }
  await tf.setBackend('cpu')
  return 'cpu'
}

/** The backend in use. */
export function startBackend(): Promise<string> {
  ready ??= start()
  return ready
}

export { tf }
