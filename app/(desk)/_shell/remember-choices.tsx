/**
 * A person's choices follow them to every browser: what the server keeps is taken over here, and what is chosen here is kept
 * there — at once, or when the connection is back, which a reload survives.
 */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import { useLocale } from 'next-intl'
import { useEffect } from 'react'
import { useAccount, useApi } from '@/app/_ui/account'
import { type Api, ApiError, api as outside } from '@/app/_ui/api'
import { useSetLocale } from '@/app/_ui/language'
import { type Choice, followChoices, usePreferences } from '@/app/_ui/preferences'
import { localeCookie } from '@/lib/words/locale'
import { type Me, meKey, useMe } from './session'

/** What the server has not heard of yet, one place per person and account. Storage may be closed: then it is tried once. */
function unsent(place: string): Choice {
  try {
    return JSON.parse(localStorage.getItem(place) ?? '{}')
  } catch {
    return {}
  }
}
function keepUnsent(place: string, choice: Choice): void {
  try {
    if (Object.keys(choice).length) localStorage.setItem(place, JSON.stringify(choice))
    else localStorage.removeItem(place)
  } catch {}
}

async function send(api: Api, { locale, ...looks }: Choice): Promise<void> {
  if (locale) await outside.patch('me', { locale })
  if (Object.keys(looks).length) await api.patch('me/preferences', looks)
}

/** A refusal for good; anything else may pass when it is tried again. */
const isFinal = (error: unknown) => error instanceof ApiError && /^4(?!01|08|29)/.test(String(error.status))

export function RememberChoices() {
  const api = useApi()
  const account = useAccount()
  const client = useQueryClient()
  const { data } = useMe()
  const { adopt } = usePreferences()
  const person = data?.user.id
  const kept = data?.accounts.find((one) => one.slug === account)?.preferences

  useEffect(() => {
    if (!person) return
    const place = `lingxi.unsent.${account}.${person}`
    let sending: Promise<void> | null = null
    const flush = async (now?: Choice): Promise<void> => {
      const choice = { ...unsent(place), ...now }
      if (Object.keys(choice).length === 0) return
      try {
        await send(api, choice)
      } catch (error) {
        if (!isFinal(error)) return
      }
      // What was chosen again in the meantime waits for its own turn.
      const later = Object.entries(unsent(place)).filter(([name, value]) => value !== choice[name as keyof Choice])
      keepUnsent(place, Object.fromEntries(later))
      if (later.length) await flush()
    }
    // One after another, so that the last choice is the one that stays.
    const inTurn = (now?: Choice) => {
      sending = (sending ?? Promise.resolve()).then(() => flush(now))
    }
    const stop = followChoices((choice) => {
      // An answer that is under way does not know of this yet.
      void client.cancelQueries({ queryKey: meKey })
      client.setQueryData<Me>(meKey, (me) => me && withChoice(me, account, choice))
      keepUnsent(place, { ...unsent(place), ...choice })
      inTurn(choice)
    })
    const back = () => inTurn()
    window.addEventListener('online', back)
    back()
    return () => {
      stop()
      window.removeEventListener('online', back)
    }
  }, [api, account, client, person])

  useEffect(() => {
    if (person && kept) adopt({ ...kept, ...withoutLocale(unsent(`lingxi.unsent.${account}.${person}`)) })
  }, [adopt, account, person, kept])

  useFirstLanguage(data?.user.locale)
  return null
}

/** A browser in which nobody chose a language speaks the person's own. */
function useFirstLanguage(wanted: Me['user']['locale'] | undefined) {
  const locale = useLocale()
  const setLocale = useSetLocale()
  useEffect(() => {
    if (wanted && wanted !== locale && !document.cookie.includes(`${localeCookie}=`)) setLocale(wanted)
  }, [wanted, locale, setLocale])
}

const withoutLocale = ({ locale: _person, ...looks }: Choice) => looks

function withChoice(me: Me, account: string, { locale, ...looks }: Choice): Me {
  return {
    user: locale ? { ...me.user, locale } : me.user,
    accounts: me.accounts.map((one) =>
      one.slug === account ? { ...one, preferences: { ...one.preferences, ...looks } } : one,
    ),
  }
}
