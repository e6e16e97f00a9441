/** The sentence encoders of this installation, for the model commands. */
import { join } from 'node:path'
import { readEnv } from '@/lib/core/env'
import { Encoders } from '@/models/encoder/installed'

export function encodersFolder(): string {
  return join(readEnv().LINGXI_DATA_DIR, 'encoders')
}

/** On the processor that serving would use: cuda where there is one. */
export function installedEncoders(): Encoders {
  return new Encoders(encodersFolder(), readEnv().LINGXI_INFERENCE_PROVIDER)
}
