/** What went wrong, for a person: by the code of the failure, in the language of the page. */
'use client'

import { useLocale, useTranslations } from 'next-intl'
import { useCallback } from 'react'
import { ApiError } from './api'

export type ErrorWords = { title: string; detail: string }
type AnyWord = { (key: string, facts?: Record<string, string | number>): string; has(key: string): boolean }

/** Returns a function: any thrown thing → words. The server's own words win when they are in this language: it knows the facts. */
export function useErrorWords(): (error: unknown) => ErrorWords {
  const t = useTranslations('errors') as unknown as AnyWord
  const locale = useLocale()
  return useCallback(
    (error) => {
      const failure = error instanceof ApiError ? error : new ApiError('unexpected', 0)
      if (failure.title && failure.detail && failure.language === locale)
        return { title: failure.title, detail: failure.detail }
      const code = t.has(`${failure.code}.title`) ? failure.code : 'unexpected'
      const facts: Record<string, string | number> = { retryAfter: 5 }
      for (const [name, value] of Object.entries(failure.facts)) {
        if (typeof value === 'string' || typeof value === 'number') facts[name] = value
      }
      return { title: t(`${code}.title`, facts), detail: t(`${code}.detail`, facts) }
    },
    [t, locale],
  )
}
