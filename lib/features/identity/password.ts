/** Passwords: which are good enough, and their argon2id hashes. */
import { hash, verify } from '@node-rs/argon2'
import { AppError } from '@/lib/core/errors'
import { commonPasswords } from './common-passwords'

export const shortestPassword = 10
/** A longer one only costs us time. */
const longest = 200

// OWASP's second choice for argon2id: 19 MiB, two passes, one lane; about 20–40 ms, off the main thread.
const cost = { algorithm: 2 as const, memoryCost: 19_456, timeCost: 2, parallelism: 1 }
/** The hash of nothing anyone knows: unknown people take as long as known ones. */
let decoy: Promise<string> | undefined

// The same password typed on two keyboards may differ in composition only.
const normal = (password: string): string => password.normalize('NFKC')

/** Rows of one sign, or signs that follow each other in the alphabet or among the digits (after 9 comes 0). */
function isMonotone(password: string): boolean {
  const digits = /^[0-9]+$/.test(password)
  const codes = Array.from(password, (sign) => sign.codePointAt(0) ?? 0)
  return [0, 1, -1].some((step) =>
    codes.every((code, i) => {
      const far = code - (codes[i - 1] ?? code - step)
      return far === step || (digits && far + step * 9 === 0)
    }),
  )
}

/** @throws password_weak for short, very common or patterned passwords and for the address itself */
export function checkPassword(password: string, email = ''): void {
  const text = normal(password)
  const lower = text.toLowerCase()
  const length = Array.from(text).length
  const weak =
    length < shortestPassword ||
    length > longest ||
    new Set(lower).size < 4 ||
    isMonotone(lower) ||
    commonPasswords.has(lower) ||
    (email !== '' && (lower === email || lower === email.split('@')[0]))
  if (weak) throw new AppError('password_weak', { field: 'password', least: shortestPassword })
}

export const hashPassword = (password: string): Promise<string> => hash(normal(password), cost)

/** True when the password is the one behind `stored`; takes the same time when there is none. */
export async function verifyPassword(stored: string | null | undefined, password: string): Promise<boolean> {
  if (password.length > 4 * longest) return false
  decoy ??= hashPassword(`decoy ${crypto.randomUUID()}`)
  const right = await verify(stored ?? (await decoy), normal(password)).catch(() => false)
  return right && typeof stored === 'string'
}
