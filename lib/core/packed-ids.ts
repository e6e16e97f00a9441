/** UUIDs as 16 bytes, for tokens and keys that carry ids. */

export const packId = (id: string): Buffer => Buffer.from(id.replaceAll('-', ''), 'hex')

export function unpackId(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
