/** Switches a public page to the other language, named in that language. */
'use client'

import Languages from 'lucide-react/icons/languages'
import { useLocale } from 'next-intl'
import { Button } from '@/app/_ui/button'
import { languageNames, useSetLocale } from '@/app/_ui/language'

export function LanguageButton() {
  const locale = useLocale()
  const [other, name] = languageNames.find(([code]) => code !== locale) ?? ['en', 'English']
  const setLocale = useSetLocale()
  return (
    <Button look="ghost" lang={other} onClick={() => setLocale(other)}>
      <Languages aria-hidden />
      {name}
    </Button>
  )
}
