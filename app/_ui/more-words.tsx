/** Adds words to those that the providers above already gave (the library itself would replace them). */
'use client'

import { type Messages, NextIntlClientProvider, useLocale, useMessages } from 'next-intl'
import { type ReactNode, useMemo } from 'react'

/** @param add as JSON: the browser reads one text at once, where React would look at every word of a tree. */
export function MoreWords({ add, children }: { add: string; children: ReactNode }) {
  const before = useMessages()
  const locale = useLocale()
  const messages = useMemo(() => ({ ...before, ...JSON.parse(add) }) as Messages, [before, add])
  return (
    <NextIntlClientProvider locale={locale} messages={messages}>
      {children}
    </NextIntlClientProvider>
  )
}
