/** The public key of an inbox: the account's id and 12 random bytes, so that a visitor's request needs no cross-account look-up. */
import { randomBytes } from 'node:crypto'
import { packId, unpackId } from './packed-ids'

export const makeSiteKey = (accountId: string): string =>
  Buffer.concat([packId(accountId), randomBytes(12)]).toString('base64url')

/** The account a key belongs to, or null when the text is no key. */
export function readSiteKey(siteKey: string): string | null {
  const bytes = Buffer.from(siteKey, 'base64url')
  return /^[\w-]{38}$/.test(siteKey) && bytes.length === 28 ? unpackId(bytes) : null
}
