/** A fresh id for what a page makes: `crypto.randomUUID` is missing on pages that came over plain http. */

/** A random UUID (RFC 9562, version 4). */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  // The version is a digit of its own; of the variant's digit two bits are fixed.
  const variant = '89ab'[(bytes[8] ?? 0) & 3]
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, `$1-$2-4$3-${variant}$4-`)
}
