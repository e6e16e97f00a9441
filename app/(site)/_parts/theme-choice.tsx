/** Light, dark, or as the system says. */
'use client'

import Monitor from 'lucide-react/icons/monitor'
import Moon from 'lucide-react/icons/moon'
import Sun from 'lucide-react/icons/sun'
import { useTranslations } from 'next-intl'
import { usePreferences } from '@/app/_ui/preferences'
import { Segmented } from '@/app/_ui/segmented'

export function ThemeChoice() {
  const t = useTranslations('common')
  const { theme, change } = usePreferences()
  return (
    <Segmented
      label={t('theme')}
      value={theme}
      onChange={(next) => change({ theme: next })}
      options={[
        { value: 'system', name: t('themeSystem'), label: null, icon: <Monitor aria-hidden className="size-4" /> },
        { value: 'light', name: t('themeLight'), label: null, icon: <Sun aria-hidden className="size-4" /> },
        { value: 'dark', name: t('themeDark'), label: null, icon: <Moon aria-hidden className="size-4" /> },
      ]}
    />
  )
}
