/** The visitor's token: which account, inbox, contact and browser session, signed (HMAC-SHA256) and dated. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '../core/errors'
import { packId, unpackId } from '../core/packed-ids'
import { Recent } from '../core/recent'

export interface VisitorIdentity {
  accountId: string
  inboxId: string
  contactId: string
  sessionId: string
}

/** A browser that stays away longer begins anew, days. */
const life = 365
const bodyLength = 68
/** Of a token in base64url. */
const mostSigns = 140

const sign = (secret: string, body: Uint8Array): Buffer =>
  createHmac('sha256', `visitor ${secret}`).update(body).digest()

export function makeVisitorToken(secret: string, who: VisitorIdentity, now: Date): string {
  const issued = Buffer.alloc(4)
  issued.writeUInt32BE(Math.floor(now.getTime() / 1_000))
  const body = Buffer.concat([
    packId(who.accountId),
    packId(who.inboxId),
    packId(who.contactId),
    packId(who.sessionId),
    issued,
  ])
  return Buffer.concat([body, sign(secret, body)]).toString('base64url')
}

interface Signed {
  who: VisitorIdentity
  /** Seconds since 1970. */
  issued: number
}

/** A visitor sends the same token with every message; its signature needs to be checked once. */
const signed = new Recent<Signed>(20_000)

function checkSignature(secret: string, token: string): Signed {
  const bytes = Buffer.from(token, 'base64url')
  if (bytes.length !== bodyLength + 32) throw new AppError('token_invalid')
  const body = bytes.subarray(0, bodyLength)
  if (!timingSafeEqual(sign(secret, body), bytes.subarray(bodyLength))) throw new AppError('token_invalid')
  return {
    issued: body.readUInt32BE(64),
    who: {
      accountId: unpackId(body.subarray(0, 16)),
      inboxId: unpackId(body.subarray(16, 32)),
      contactId: unpackId(body.subarray(32, 48)),
      sessionId: unpackId(body.subarray(48, 64)),
    },
  }
}

/** The identity in a token; throws token_invalid on a wrong signature, form or age. */
export function readVisitorToken(secret: string, token: string | undefined, now: Date): VisitorIdentity {
  if (!token || token.length > mostSigns) throw new AppError('token_invalid')
  const { who, issued } = signed.get(`${secret} ${token}`, () => checkSignature(secret, token))
  const age = now.getTime() / 1_000 - issued
  if (age > life * 86_400 || age < -300) throw new AppError('token_invalid')
  return who
}
