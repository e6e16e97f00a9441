/**
 * Envelope encryption: installation key (KEK) → account key → contact key. Destroying a wrapped key makes everything
 * under it unreadable, in backups too.
 */
import { createHmac, createPrivateKey, createPublicKey, hkdfSync, randomBytes } from 'node:crypto'
import { Recent } from '../../core/recent'
import { openBytes, sealBytes } from './box'

/** Seals and opens the values of one contact (or of the account itself). */
export interface Box {
  seal(plain: string | Uint8Array, about: string): Buffer
  open(sealed: Uint8Array, about: string): string
  openBytes(sealed: Uint8Array, about: string): Buffer
}

/** The keys of one account, unwrapped in memory. */
export interface AccountVault extends Box {
  newContactKey(contactId: string): Buffer
  contact(contactId: string, wrapped: Uint8Array): Box
  /** Keyed hash for equality (16 bytes); the same text gives the same hash within the account only. */
  fingerprint(text: string): Buffer
  /** Keyed hash of a search token as a signed 64-bit integer. */
  token(word: string): bigint
}

/** What belongs to people and to no account. */
export interface PeopleVault extends Box {
  /** Keyed hash (32 bytes): without the installation's key nobody can try texts against it. */
  fingerprint(text: string): Buffer
}

const boxOf = (key: Buffer): Box => ({
  seal: (plain, about) => sealBytes(key, plain, about),
  open: (sealed, about) => openBytes(key, sealed, about).toString('utf8'),
  openBytes: (sealed, about) => openBytes(key, sealed, about),
})

const derive = (key: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', key, '', `lingxi ${purpose}`, 32))

/** What precedes the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410 § 7). */
const pkcs8OfEd25519 = Buffer.from('302e020100300506032b657004220420', 'hex')

export class Vault {
  readonly #kek: Buffer
  /** For what people sign in with. */
  readonly people: PeopleVault
  /** Of what mails say until they are sent, and after. */
  readonly mails: Box
  readonly #accounts = new Recent<AccountVault>(1_000)
  readonly #boxes = new Recent<Box>(20_000)
  /** People use few words often: remembering a hash costs a tenth of making it. */
  readonly #tokens = new Recent<bigint>(50_000)

  /** @param kek 32 bytes in base64 */
  constructor(kek: string) {
    this.#kek = Buffer.from(kek, 'base64')
    if (this.#kek.length !== 32) throw new Error('The key-encryption key must be 32 bytes in base64')
    this.mails = boxOf(derive(this.#kek, 'mails'))
    const equality = derive(this.#kek, 'people equality')
    this.people = {
      ...boxOf(derive(this.#kek, 'people data')),
      fingerprint: (text) => createHmac('sha256', equality).update(text, 'utf8').digest(),
    }
  }

  /** A new account's key, wrapped by the installation's. */
  newAccountKey(accountId: string): Buffer {
    return sealBytes(this.#kek, randomBytes(32), `account ${accountId}`)
  }

  account(accountId: string, wrapped: Uint8Array): AccountVault {
    return this.#accounts.get(accountId, () => this.#open(accountId, wrapped))
  }

  #open(accountId: string, wrapped: Uint8Array): AccountVault {
    const key = openBytes(this.#kek, wrapped, `account ${accountId}`)
    const search = derive(key, 'search')
    const equality = derive(key, 'equality')
    return {
      ...boxOf(derive(key, 'account data')),
      newContactKey: (contactId) => sealBytes(key, randomBytes(32), `contact ${contactId}`),
      contact: (contactId, sealed) =>
        this.#boxes.get(`${accountId} ${contactId}`, () => boxOf(openBytes(key, sealed, `contact ${contactId}`))),
      fingerprint: (text) => createHmac('sha256', equality).update(text, 'utf8').digest().subarray(0, 16),
      token: (word) =>
        this.#tokens.get(`${accountId} ${word}`, () =>
          createHmac('sha256', search).update(word, 'utf8').digest().readBigInt64BE(0),
        ),
    }
  }

  /**
   * The Ed25519 key (RFC 8032) that signs what this installation trained, PEM. It follows from the installation's key, so every
   * machine that has that one signs alike.
   */
  signingKey(): string {
    const der = Buffer.concat([pkcs8OfEd25519, derive(this.#kek, 'signing')])
    return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
      .export({ format: 'pem', type: 'pkcs8' })
      .toString()
  }

  /** The public half of it, base64 SPKI: whose signature a trained bundle must carry here. */
  verifyingKey(): string {
    return createPublicKey(this.signingKey()).export({ format: 'der', type: 'spki' }).toString('base64')
  }

  /** Forgets unwrapped keys (after an erasure). */
  forget(): void {
    this.#accounts.clear()
    this.#boxes.clear()
    this.#tokens.clear()
  }
}
