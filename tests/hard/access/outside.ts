/** Requests outside an account with bodies that are right: visitors', people's own, and those that come with a secret. */
import { newId } from '@/lib/core/ids'
import type { Sample } from './samples'

const fresh = () => newId().slice(-12)

/** Bodies of routes outside an account, and of visitors. */
export const outsideOf = (shop: { slug: string; siteKey: string }): readonly Sample[] => [
  { route: 'PATCH /api/v1/me', body: () => ({ name: 'Renamed' }) },
  { route: 'POST /api/v1/me/account', body: () => ({ slug: shop.slug }) },
  { route: 'POST /api/v1/me/second-factor/offer', body: () => ({ password: 'not theirs' }) },
  { route: 'POST /api/v1/me/second-factor/confirm', body: () => ({ code: '000000' }) },
  { route: 'POST /api/v1/me/second-factor/codes', body: () => ({ code: '000000', password: 'not theirs' }) },
  { route: 'POST /api/v1/me/second-factor/off', body: () => ({ code: '000000', password: 'not theirs' }) },
  { route: 'POST /api/v1/accounts', body: () => ({ name: `Another ${fresh()}` }) },
  { route: 'POST /api/v1/links', body: () => ({ email: 'somebody@new.example', purpose: 'sign_in' }), answer: 202 },
  {
    route: 'POST /api/v1/sign-up',
    body: () => ({
      name: 'New',
      email: `${newId()}@new.example`,
      password: 'violet harbour kettle',
      accountName: 'New one',
    }),
  },
  { route: 'POST /api/widget/messages', body: () => ({ clientId: newId(), text: 'hello' }) },
  { route: 'POST /api/widget/sessions', body: () => ({ siteKey: shop.siteKey, locale: 'en' }) },
]

/** Doors that take a secret by mail or a password do nothing with a made-up one. */
export const secretly: readonly Sample[] = [
  { route: 'POST /api/v1/passwords/reset', body: () => ({ token: 't', password: 'p' }) },
  { route: 'POST /api/v1/me/password', body: () => ({ current: 'c', password: 'p' }) },
  { route: 'POST /api/v1/me/confirm', body: () => ({ token: 't' }) },
  { route: 'POST /api/v1/invitations/show', body: () => ({ token: 't' }) },
  { route: 'POST /api/v1/invitations/accept', body: () => ({ token: 't' }) },
  { route: 'POST /api/v1/invitations/join', body: () => ({ token: 't', name: 'n', password: 'p' }) },
]
