/** The inference child: serves the base model and trained bundles over the Open Inference Protocol on the loopback. */
import { join } from 'node:path'
import { readEnv } from '@/lib/core/env'
import { Encoders } from '@/models/encoder/installed'
import { Bundles } from '@/models/serve/bundles'
import { InferenceServer } from '@/models/serve/server'
import { baseFolder } from './base-folder'

const env = readEnv()

const bundles = await Bundles.open({
  base: baseFolder(),
  folder: env.LINGXI_MODELS_DIR || join(env.LINGXI_DATA_DIR, 'models'),
  provider: env.LINGXI_INFERENCE_PROVIDER,
  ...(env.LINGXI_MODELS_KEY ? { trustedKeys: [env.LINGXI_MODELS_KEY] } : {}),
  limit: env.LINGXI_INFERENCE_MEMORY_MB * 1024 * 1024,
  encoders: new Encoders(join(env.LINGXI_DATA_DIR, 'encoders'), env.LINGXI_INFERENCE_PROVIDER),
})
const { provider } = bundles.base
if (provider.note) process.stderr.write(`inference runs on ${provider.used}: ${provider.note}\n`)
const server = new InferenceServer(bundles)
const port = await server.listen(env.LINGXI_INFERENCE_PORT)
process.stdout.write(`${JSON.stringify({ listening: port })}\n`)

let ending = false
function end(): void {
  if (ending) return
  ending = true
  setTimeout(() => process.exit(0), 2_000).unref()
  void server.close().then(() => process.exit(0))
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
// A parent that was killed cannot say so: its place as our parent changes.
const parent = process.ppid
setInterval(() => process.ppid !== parent && end(), 1_000).unref()
