/** A small OpenID provider on the loopback: discovery, authorization with PKCE, tokens with a signed id_token, keys. Strict where the standard is. */
import { createHash, createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

interface Grant {
  redirectUri: string
  challenge: string
  nonce: string | null
}

const encode = (value: object | Buffer) =>
  (Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value))).toString('base64url')

export class OpenIdProvider {
  readonly clientId = 'lingxi'
  readonly clientSecret = 'the secret of the client'
  /** Who is at the provider's sign-in page. */
  person: Record<string, unknown> = {}
  /** What a forger would change in the next id_token. */
  forged: Record<string, unknown> = {}
  /** Signs the next id_token with a key that is not in the provider's set. */
  foreignKey = false
  /** What the provider says of itself instead, such as where its keys are. */
  said: Record<string, unknown> = {}
  /** Answers a path in its own way. */
  instead: Record<string, (response: ServerResponse) => void> = {}
  issuer = ''
  readonly #grants = new Map<string, Grant>()
  readonly #keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  async start(): Promise<this> {
    await new Promise<void>((done) => this.#server.listen(0, '127.0.0.1', done))
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((done) => this.#server.close(done))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer)
    const json = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const instead = this.instead[url.pathname]
    if (instead) return instead(response)
    if (url.pathname === '/.well-known/openid-configuration') return void json(200, this.#discovery())
    if (url.pathname === '/keys') {
      const key = this.#keys.publicKey.export({ format: 'jwk' })
      return void json(200, { keys: [{ ...key, kid: 'one', use: 'sig', alg: 'RS256' }] })
    }
    if (url.pathname === '/authorize') return this.#authorize(url.searchParams, response)
    if (url.pathname === '/token' && request.method === 'POST') {
      let text = ''
      for await (const part of request) text += part
      const refused = this.#refusal(request, new URLSearchParams(text))
      if (typeof refused === 'string') return void json(400, { error: refused })
      return void json(200, { access_token: randomUUID(), token_type: 'Bearer', id_token: this.#idToken(refused) })
    }
    json(404, { error: 'not_found' })
  }

  #discovery(): object {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
      code_challenge_methods_supported: ['S256'],
      ...this.said,
    }
  }

  /** The person is signed in there already and agrees. */
  #authorize(asked: URLSearchParams, response: ServerResponse): void {
    const redirect = new URL(asked.get('redirect_uri') ?? '')
    const scopes = (asked.get('scope') ?? '').split(' ')
    const right =
      asked.get('client_id') === this.clientId &&
      asked.get('response_type') === 'code' &&
      asked.get('code_challenge_method') === 'S256' &&
      scopes.includes('openid')
    if (right) {
      const code = randomUUID()
      this.#grants.set(code, {
        redirectUri: redirect.href,
        challenge: asked.get('code_challenge') ?? '',
        nonce: asked.get('nonce'),
      })
      redirect.searchParams.set('code', code)
    } else redirect.searchParams.set('error', 'invalid_request')
    redirect.searchParams.set('state', asked.get('state') ?? '')
    response.writeHead(302, { location: redirect.href }).end()
  }

  /** The grant a code stands for, once; or the standard's word for what is wrong. */
  #refusal(request: IncomingMessage, form: URLSearchParams): Grant | string {
    const basic = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString()
    const [id = '', secret = ''] = basic.split(':').map((part) => decodeURIComponent(part.replaceAll('+', ' ')))
    if (id !== this.clientId || secret !== this.clientSecret) return 'invalid_client'
    const code = form.get('code') ?? ''
    const grant = this.#grants.get(code)
    this.#grants.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!grant || form.get('redirect_uri') !== grant.redirectUri || challenge !== grant.challenge)
      return 'invalid_grant'
    return grant
  }

  #idToken({ nonce }: Grant): string {
    const now = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: this.issuer,
      aud: this.clientId,
      iat: now,
      exp: now + 300,
      nonce,
      ...this.person,
      ...this.forged,
    }
    const signed = `${encode({ alg: 'RS256', kid: 'one' })}.${encode(claims)}`
    const key = this.foreignKey ? generateKeyPairSync('rsa', { modulusLength: 2048 }) : this.#keys
    return `${signed}.${encode(createSign('sha256').update(signed).sign(key.privateKey))}`
  }
}
