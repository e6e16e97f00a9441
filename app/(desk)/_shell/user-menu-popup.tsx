/** The person's opened menu: profile, language, looks, keys, sign out; loaded by `user-menu.tsx`. */
'use client'

import { useQueryClient } from '@tanstack/react-query'
import Bell from 'lucide-react/icons/bell'
import CaseLower from 'lucide-react/icons/case-lower'
import Coffee from 'lucide-react/icons/coffee'
import Keyboard from 'lucide-react/icons/keyboard'
import Languages from 'lucide-react/icons/languages'
import LogOut from 'lucide-react/icons/log-out'
import Rows from 'lucide-react/icons/rows-3'
import SunMoon from 'lucide-react/icons/sun-moon'
import UserRound from 'lucide-react/icons/user-round'
import { useLocale, useTranslations } from 'next-intl'
import { useAccount, useApi } from '@/app/_ui/account'
import { api } from '@/app/_ui/api'
import { forgetKept } from '@/app/_ui/kept'
import { runCommand } from '@/app/_ui/keyboard'
import { languageNames, useSetLocale } from '@/app/_ui/language'
import type { Opened } from '@/app/_ui/lazy-trigger'
import MenuPopup from '@/app/_ui/menu-popup'
import { tellChoice, usePreferences } from '@/app/_ui/preferences'
import { toast, toastError } from '@/app/_ui/toast'
import { useNarrow } from '@/app/_ui/use-media'
import { changeNotices, noticesPossible, useNotices } from './notices'
import { type Me, meKey, useMe, useMembership, useOwner } from './session'

/** Shown at once; put back with a word when it is refused. */
function useChangeAvailability() {
  const client = useQueryClient()
  const account = useAccount()
  const own = useApi()
  const show = (availability: 'online' | 'away') =>
    client.setQueryData<Me>(
      meKey,
      (me) =>
        me && {
          ...me,
          accounts: me.accounts.map((one) => (one.slug === account ? { ...one, availability } : one)),
        },
    )
  return async (availability: 'online' | 'away') => {
    show(availability)
    try {
      await own.put('me/availability', { availability })
    } catch (error) {
      show(availability === 'away' ? 'online' : 'away')
      toastError(error)
    }
  }
}

async function signOut() {
  try {
    await api.post('sign-out')
    forgetKept()
    window.location.assign('/sign-in')
  } catch (error) {
    toastError(error)
  }
}

export default function UserMenuPopup({ opened, label }: { opened: Opened; label: string }) {
  const t = useTranslations('desk.user')
  const common = useTranslations('common')
  const locale = useLocale()
  const setLocale = useSetLocale()
  const account = useAccount()
  const { data } = useMe()
  const narrow = useNarrow()
  const { theme, density, keys, change } = usePreferences()
  const away = useMembership()?.availability === 'away'
  const changeAvailability = useChangeAvailability()
  const owner = useOwner()
  const notices = useNotices()
  return (
    <MenuPopup
      opened={opened}
      label={label}
      side={narrow ? 'top' : 'right'}
      align="end"
      items={[
        { heading: data?.user.email ?? '' },
        {
          label: t('away'),
          icon: <Coffee aria-hidden />,
          checked: away,
          onSelect: () => void changeAvailability(away ? 'online' : 'away'),
        },
        owner !== null &&
          noticesPossible() && {
            label: t('notices'),
            icon: <Bell aria-hidden />,
            checked: notices,
            onSelect: () =>
              void changeNotices(owner, !notices).then((no) => {
                if (no) toast(t(no))
              }, toastError),
          },
        { label: t('profile'), icon: <UserRound aria-hidden />, href: `/${account}/settings/profile` },
        'line',
        {
          label: common('language'),
          icon: <Languages aria-hidden />,
          items: languageNames.map(([code, label]) => ({
            label,
            checked: locale === code,
            onSelect: () => {
              setLocale(code)
              // Mails follow the choice, too.
              tellChoice({ locale: code })
            },
          })),
        },
        {
          label: common('theme'),
          icon: <SunMoon aria-hidden />,
          items: (['system', 'light', 'dark'] as const).map((value) => ({
            label: common(({ system: 'themeSystem', light: 'themeLight', dark: 'themeDark' } as const)[value]),
            checked: theme === value,
            onSelect: () => change({ theme: value }),
          })),
        },
        {
          label: t('density'),
          icon: <Rows aria-hidden />,
          items: (['compact', 'normal', 'comfortable'] as const).map((value) => ({
            label: t(
              ({ compact: 'densityCompact', normal: 'densityNormal', comfortable: 'densityComfortable' } as const)[
                value
              ],
            ),
            checked: density === value,
            onSelect: () => change({ density: value }),
          })),
        },
        {
          label: t('shortcutsOn'),
          icon: <CaseLower aria-hidden />,
          checked: keys,
          onSelect: () => change({ keys: !keys }),
        },
        { label: t('shortcuts'), icon: <Keyboard aria-hidden />, command: 'help', onSelect: () => runCommand('help') },
        'line',
        { label: t('signOut'), icon: <LogOut aria-hidden />, onSelect: signOut },
      ]}
    />
  )
}
