/** Ed25519 signatures over a manifest: who made a bundle, not only that it is whole. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { z } from 'zod'

export interface SigningKey {
  /** PEM, PKCS #8. */
  privateKey: string
}

export const signatureSchema = z.object({
  algorithm: z.literal('ed25519'),
  /** Raw public key, base64 of its SPKI form. */
  publicKey: z.string(),
  signature: z.string(),
})
export type Signature = z.infer<typeof signatureSchema>

export function newSigningKey(): SigningKey & { publicKey: string } {
  const pair = generateKeyPairSync('ed25519')
  return {
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  }
}

/** Base64 of its SPKI form. */
export const publicKeyOf = ({ privateKey }: SigningKey): string =>
  createPublicKey(createPrivateKey(privateKey)).export({ type: 'spki', format: 'der' }).toString('base64')

export function signManifest(manifest: string, key: SigningKey): Signature {
  return {
    algorithm: 'ed25519',
    publicKey: publicKeyOf(key),
    signature: sign(null, Buffer.from(manifest), createPrivateKey(key.privateKey)).toString('base64'),
  }
}

/** True only for a signature of exactly this manifest; with `trusted`, also only by one of these public keys. */
export function signatureHolds(manifest: string, signature: Signature, trusted?: readonly string[]): boolean {
  if (trusted && !trusted.includes(signature.publicKey)) return false
  try {
    const key = createPublicKey({ key: Buffer.from(signature.publicKey, 'base64'), format: 'der', type: 'spki' })
    return verify(null, Buffer.from(manifest), key, Buffer.from(signature.signature, 'base64'))
  } catch {
    return false
  }
}
