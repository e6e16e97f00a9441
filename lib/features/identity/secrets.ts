/** Secrets sent by mail: 24 random bytes for the person, a SHA-256 hash for us. */
import { createHash, randomBytes } from 'node:crypto'

export interface MailedSecret {
  token: string
  hash: string
}

export const hashToken = (token: string): string => createHash('sha256').update(`mailed ${token}`).digest('hex')

export function newSecret(): MailedSecret {
  const token = randomBytes(24).toString('base64url')
  return { token, hash: hashToken(token) }
}
