/** Switching the language: a cookie, then the server's words come in place without losing what is on the page. */
'use client'

import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import { type Locale, localeCookie } from '@/lib/words/locale'
import { keepCookie } from './preferences'

/** Each language in its own words. */
export const languageNames: readonly (readonly [Locale, string])[] = [
  ['en', 'English'],
  ['zh-CN', '简体中文'],
]

export function useSetLocale(): (locale: Locale) => void {
  const router = useRouter()
  return useCallback(
    (locale) => {
      keepCookie(localeCookie, locale)
      document.documentElement.lang = locale
      router.refresh()
    },
    [router],
  )
}
