/** The encoders of this installation: one folder each; opened once, shared by every bundle that was trained with it. */
import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ProviderWish } from '../serve/runtime'
import { EncoderError } from './error'
import { type EncoderFacts, findFiles, openEncoder, type SentenceEncoder } from './open-encoder'

export const ENCODER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,119}$/

interface Shared {
  opening: Promise<SentenceEncoder>
  users: number
}

export class Encoders {
  private readonly shared = new Map<string, Shared>()

  constructor(
    private readonly folder: string,
    private readonly provider?: ProviderWish,
  ) {}

  names(): string[] {
    return existsSync(this.folder) ? readdirSync(this.folder).filter((name) => ENCODER_NAME.test(name)) : []
  }

  /** Opens an encoder, or joins those who have it open; the last `close` ends it. */
  async take(name: string): Promise<SentenceEncoder> {
    const path = join(this.folder, name)
    if (!ENCODER_NAME.test(name) || !existsSync(path)) {
      throw new EncoderError('absent', `there is no sentence encoder "${name}" here: npm run encoder -- add …`)
    }
    const key = `${name} ${stampOf(path)}`
    const shared = this.shared.get(key) ?? { opening: openEncoder(path, { provider: this.provider, name }), users: 0 }
    this.shared.set(key, shared)
    shared.users++
    let left = false
    const leave = async () => {
      if (left) return
      left = true
      if (--shared.users > 0) return
      this.shared.delete(key)
      await (await shared.opening).close()
    }
    try {
      return { ...(await shared.opening), close: leave }
    } catch (error) {
      this.shared.delete(key)
      throw error
    }
  }

  /** The encoder that a bundle was trained with, and no other. */
  async takeExactly(wanted: EncoderFacts): Promise<SentenceEncoder> {
    const encoder = await this.take(wanted.name)
    if (encoder.sha256 === wanted.sha256) return encoder
    await encoder.close()
    throw new EncoderError(
      'mismatch',
      `the sentence encoder "${wanted.name}" here is ${encoder.sha256.slice(0, 12)}, the bundle was trained with ${wanted.sha256.slice(0, 12)}`,
    )
  }
}

/** Changes when an encoder is installed again. */
function stampOf(path: string): string {
  const { tokenizer, graph } = findFiles(path)
  return [tokenizer, graph].map((file) => `${statSync(file).ino}:${statSync(file).mtimeMs}`).join(' ')
}
