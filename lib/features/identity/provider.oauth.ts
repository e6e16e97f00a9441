/** Google, GitHub and any OpenID Connect server, each when its environment is set; only addresses they vouch for. */

import GitHubProvider from 'next-auth/providers/github'
import GoogleProvider from 'next-auth/providers/google'
import type { Provider } from 'next-auth/providers/index'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import type { Env } from '@/lib/core/env'
import { readNetworks } from '@/lib/core/networks'
import { SafeAgent } from '@/lib/platform/safe-agent'
import { safeFetch } from '@/lib/platform/safe-fetch'

export interface OAuthChoice {
  id: 'google' | 'github' | 'oidc'
  name: string
}

/** The ways in that a sign-in page may offer. */
export function oauthChoices(env: Env): OAuthChoice[] {
  const choices: OAuthChoice[] = []
  if (env.GOOGLE_CLIENT_ID && env.GOOGLE_CLIENT_SECRET) choices.push({ id: 'google', name: 'Google' })
  if (env.GITHUB_CLIENT_ID && env.GITHUB_CLIENT_SECRET) choices.push({ id: 'github', name: 'GitHub' })
  if (env.OIDC_ISSUER && env.OIDC_CLIENT_ID) choices.push({ id: 'oidc', name: env.OIDC_NAME })
  return choices
}

interface Claims {
  sub: string
  email?: string
  email_verified?: boolean | string
  name?: string
}

/** An address that the provider has not checked is no address. */
export const vouched = (claims: Claims) => ({
  id: claims.sub,
  name: claims.name ?? '',
  email: claims.email && (claims.email_verified === true || claims.email_verified === 'true') ? claims.email : null,
})

/**
 * True when the provider says in its signed token that it asked for a second factor (`amr`, RFC 8176). Only the operator's own
 * provider is believed: a sign-in elsewhere can be made by whoever reads the person's mail.
 */
export const askedForTwo = (provider: string, claims: object | undefined): boolean => {
  const methods = (claims as { amr?: unknown } | undefined)?.amr
  return provider === 'oidc' && Array.isArray(methods) && methods.includes('mfa')
}

interface GitHubAddress {
  email: string
  primary: boolean
  verified: boolean
}

/** GitHub's profile may show any address; the list of addresses says which one is checked. */
export const gitHubAddress = (addresses: GitHubAddress[]): string | null =>
  addresses.find((each) => each.primary && each.verified)?.email ?? null

const opened = (env: Env) => readNetworks(env.LINGXI_WEBHOOK_PRIVATE)

/**
 * What the sign-in library asks with. It keeps one setting for all providers, the newest, so each gets the same. The issuer is the
 * operator's word and may be in a network of their own; what its answers name (keys, tokens) may not, elsewhere.
 */
const httpOptions = (env: Env) => ({
  agent: new SafeAgent({ own: env.OIDC_ISSUER, opened: opened(env) }),
  timeout: 10_000,
})

export function oauthProviders(env: Env): Provider[] {
  const made: Provider[] = []
  for (const { id } of oauthChoices(env)) {
    if (id === 'google') made.push(google(env) as Provider)
    if (id === 'github') made.push(gitHub(env) as Provider)
    if (id === 'oidc') made.push(oidc(env) as Provider)
  }
  return made
}

const google = (env: Env) =>
  GoogleProvider({
    clientId: env.GOOGLE_CLIENT_ID,
    clientSecret: env.GOOGLE_CLIENT_SECRET,
    httpOptions: httpOptions(env),
    profile: (claims) => vouched(claims),
  })

const gitHub = (env: Env) =>
  GitHubProvider({
    clientId: env.GITHUB_CLIENT_ID,
    clientSecret: env.GITHUB_CLIENT_SECRET,
    httpOptions: httpOptions(env),
    profile: async (profile, tokens) => {
      const answer = await safeFetch(
        {
          url: 'https://api.github.com/user/emails',
          headers: { authorization: `Bearer ${tokens.access_token}`, accept: 'application/vnd.github+json' },
        },
        { opened: opened(env) },
      )
      const email = answer.status === 200 ? gitHubAddress(JSON.parse(answer.body.toString())) : null
      return { id: String(profile.id), name: profile.name ?? profile.login, email }
    },
  })

const oidc = (env: Env): OAuthConfig<Claims> => ({
  id: 'oidc',
  name: env.OIDC_NAME,
  type: 'oauth',
  wellKnown: `${env.OIDC_ISSUER.replace(/\/$/, '')}/.well-known/openid-configuration`,
  issuer: env.OIDC_ISSUER,
  clientId: env.OIDC_CLIENT_ID,
  clientSecret: env.OIDC_CLIENT_SECRET,
  httpOptions: httpOptions(env),
  authorization: { params: { scope: 'openid email profile' } },
  idToken: true,
  checks: ['pkce', 'state', 'nonce'],
  profile: (claims) => vouched(claims),
})
