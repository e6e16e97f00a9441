/** One spelling per e-mail address: normalised before it is parsed, so that look-alike spellings are one person. */
import { domainToASCII } from 'node:url'
import { AppError } from '@/lib/core/errors'

/** RFC 5321 § 4.5.3.1: what fits into a mail path. */
const longest = 254
const longestLocal = 64
// Letters and digits of any script, and the signs of RFC 5322 `atext`; quoted local parts are not used by people.
const local = /^[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{N}\p{M}!#$%&'*+/=?^_`{|}~-]+)*$/u
const hostSigns = /^[\p{L}\p{N}\p{M}.-]+$/u
const domain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/

/** The address in its one spelling. @throws email_invalid */
export function parseEmail(text: string): string {
  const invalid = () => new AppError('email_invalid', { field: 'email' })
  if (text.length > 1_000) throw invalid()
  // NFKC turns full-width ＠ and letters into ordinary ones: only then may the signs be counted.
  const whole = text.normalize('NFKC').trim().toLowerCase().normalize('NFKC')
  const parts = whole.split('@')
  if (parts.length !== 2) throw invalid()
  const [name = '', host = ''] = parts
  // Checked first: the conversion would also decode percent signs.
  if (!hostSigns.test(host)) throw invalid()
  const ascii = domainToASCII(host)
  const email = `${name}@${ascii}`
  if (!local.test(name) || Buffer.byteLength(name) > longestLocal) throw invalid()
  if (!domain.test(ascii) || Buffer.byteLength(email) > longest) throw invalid()
  return email
}
