/** Adds words to those that the providers above already gave (the library itself would replace them). */
'use client'

import { type Messages, NextIntlClientProvider, useLocale, useMessages } from 'next-intl'
import { type ReactNode, useMemo } from 'react'

export function MoreWords({ add, children }: { add: object; children: ReactNode }) {
  const before = useMessages()
  const locale = useLocale()
  const messages = useMemo(() => ({ ...before, ...add }) as Messages, [before, add])
  return (
    <NextIntlClientProvider locale={locale} messages={messages}>
      {children}
    </NextIntlClientProvider>
  )
}
