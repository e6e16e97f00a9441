/** Authenticated encryption of one value: AES-256-GCM with a fresh nonce; form: version (1) | nonce (12) | text | tag (16). */
import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto'

const version = 1
// Random bytes are drawn in blocks: one call to the kernel per message would cost more than the cipher.
const pool = Buffer.alloc(12 * 512)
let used = pool.length

function nonce(): Buffer {
  if (used >= pool.length) {
    randomFillSync(pool)
    used = 0
  }
  used += 12
  return Buffer.from(pool.subarray(used - 12, used))
}

/** Encrypts bytes; `about` (for instance the row's id) must be given again to open, so that a value moved to another row is refused. */
export function sealBytes(key: Buffer, plain: Uint8Array | string, about: string): Buffer {
  const iv = nonce()
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  cipher.setAAD(Buffer.from(about))
  const head = Buffer.from([version])
  const body = typeof plain === 'string' ? cipher.update(plain, 'utf8') : cipher.update(plain)
  return Buffer.concat([head, iv, body, cipher.final(), cipher.getAuthTag()])
}

/** Decrypts what sealBytes made; throws when a bit, the key or `about` differs. */
export function openBytes(key: Buffer, sealed: Uint8Array, about: string): Buffer {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  if (bytes.length < 29 || bytes[0] !== version) throw new Error('not a sealed value')
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(1, 13))
  decipher.setAAD(Buffer.from(about))
  decipher.setAuthTag(bytes.subarray(bytes.length - 16))
  return Buffer.concat([decipher.update(bytes.subarray(13, bytes.length - 16)), decipher.final()])
}
