/** Where a person is and where they can go: a rail at the side, a bar at the bottom on phones. */
'use client'

import Keyboard from 'lucide-react/icons/keyboard'
import Link from 'next/link'
import { usePathname, useRouter } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useMemo } from 'react'
import { useAccount } from '@/app/_ui/account'
import { IconButton } from '@/app/_ui/button'
import { cn } from '@/app/_ui/cn'
import { runCommand } from '@/app/_ui/keyboard'
import { usePreload } from '@/app/_ui/use-preload'
import { AccountMenu } from './account-menu'
import { places } from './places'
import { useStaysOffline } from './stays-offline'
import { UserMenu } from './user-menu'

export function Rail() {
  const t = useTranslations('desk')
  const account = useAccount()
  const router = useRouter()
  // The other places are fetched when the page has come to rest, or somebody is about to go there: not beside what was asked for.
  const ahead = useMemo(
    () =>
      places.map(
        ({ path }) =>
          () =>
            router.prefetch(`/${account}/${path}`),
      ),
    [account, router],
  )
  usePreload(ahead)
  return (
    <header className="no-print flex flex-none items-center border-line bg-canvas max-md:h-14 max-md:border-t max-md:px-1 md:w-16 md:flex-col md:border-e md:py-2">
      <div className="max-md:order-last">
        <AccountMenu />
      </div>
      <nav
        aria-label={t('nav.label')}
        className="flex flex-1 max-md:justify-around md:mt-3 md:w-full md:flex-col md:gap-1 md:px-1.5"
      >
        {places.map((place, i) => (
          <Place key={place.id} place={place} near={ahead[i] as () => void} />
        ))}
      </nav>
      <IconButton
        label={t('user.shortcuts')}
        command="help"
        side="right"
        className="max-md:hidden"
        onClick={() => runCommand('help')}
      >
        <Keyboard aria-hidden />
      </IconButton>
      <div className="max-md:order-last md:mt-1">
        <UserMenu />
      </div>
    </header>
  )
}

function Place({ place, near }: { place: (typeof places)[number]; near: () => void }) {
  const t = useTranslations('desk.nav')
  const account = useAccount()
  const path = usePathname()
  const href = `/${account}/${place.path}`
  const here = path === href || path.startsWith(`${href}/`)
  const Icon = place.icon
  const stays = useStaysOffline()
  return (
    <Link
      href={href}
      prefetch={false}
      onClick={(event) => stays() && event.preventDefault()}
      onPointerEnter={near}
      onFocus={near}
      aria-current={here ? 'page' : undefined}
      className={cn(
        'flex min-w-16 flex-col items-center justify-center gap-0.5 rounded-md py-1.5 text-xs font-medium md:min-w-0',
        here ? 'text-accent-ink md:bg-selected' : 'text-ink-2 hover:bg-hover hover:text-ink',
      )}
    >
      <Icon aria-hidden className="size-5" strokeWidth={here ? 2.1 : 1.8} />
      <span className="max-w-full truncate">{t(place.id)}</span>
    </Link>
  )
}
