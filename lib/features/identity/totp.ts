/** Codes of an authenticator app (RFC 6238: SHA-1, 6 digits, 30 seconds), and the picture that brings the secret into it. */
import { Secret, TOTP } from 'otpauth'
import { encode } from 'uqr'

/** What every authenticator app understands. */
const form = { algorithm: 'SHA1', digits: 6, period: 30 }
/** Clocks differ: a code of the step before or after is as good. */
const window = 1

/** 160 bits, as RFC 4226 § 4 recommends; base32. */
export const newAppSecret = (): string => new Secret({ size: 20 }).base32

/** True for what can only come from an authenticator app. */
export const isAppCode = (plain: string): boolean => /^[0-9]{6}$/.test(plain)

/** The time step that the code belongs to, or null when it is no code of these minutes. */
export function stepOf(secret: string, code: string, now: Date): number | null {
  // The library compares bytes and would throw at digits of other scripts.
  if (!isAppCode(code)) return null
  const totp = new TOTP({ ...form, secret })
  const timestamp = now.getTime()
  const away = totp.validate({ token: code, timestamp, window })
  return away === null ? null : totp.counter({ timestamp }) + away
}

export const codeAt = (secret: string, at: Date): string =>
  new TOTP({ ...form, secret }).generate({ timestamp: at.getTime() })

/** What an app reads: whose sign-in this is, and the secret. */
export const addressOf = (secret: string, email: string): string =>
  new TOTP({ ...form, secret, issuer: 'Lingxi', label: email }).toString()

/** A QR code as one path over a square of `size` modules, four of them the quiet zone (ISO/IEC 18004). */
export function pictureOf(text: string): { size: number; path: string } {
  const { data, size } = encode(text, { ecc: 'M', border: 4 })
  const runs = data.flatMap((row, y) => {
    const dark = row.map((on, x) => (on ? x : -1)).filter((x) => x >= 0)
    return dark.filter((x) => !row[x - 1]).map((x) => `M${x} ${y}h${row.indexOf(false, x) - x}v1H${x}z`)
  })
  return { size, path: runs.join('') }
}
