/** The sections of the settings, each with an address of its own. */
'use client'

import CircleUserRound from 'lucide-react/icons/circle-user-round'
import CreditCard from 'lucide-react/icons/credit-card'
import MessageCircle from 'lucide-react/icons/message-circle'
import ScrollText from 'lucide-react/icons/scroll-text'
import ShieldUser from 'lucide-react/icons/shield-user'
import Split from 'lucide-react/icons/split'
import Tag from 'lucide-react/icons/tag'
import UserRoundPlus from 'lucide-react/icons/user-round-plus'
import Users from 'lucide-react/icons/users'
import Webhook from 'lucide-react/icons/webhook'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'next-intl'
import { useEffect, useRef } from 'react'
import { useAccount } from '@/app/_ui/account'
import { cn } from '@/app/_ui/cn'

const groups = {
  account: [
    { id: 'inbox', icon: MessageCircle },
    { id: 'routing', icon: Split },
    { id: 'labels', icon: Tag },
    { id: 'teams', icon: Users },
    { id: 'team', icon: UserRoundPlus },
    { id: 'webhooks', icon: Webhook },
    { id: 'billing', icon: CreditCard },
    { id: 'privacy', icon: ShieldUser },
    { id: 'audit', icon: ScrollText },
  ],
  you: [{ id: 'profile', icon: CircleUserRound }],
} as const

export function SettingsNav() {
  const t = useTranslations('settings.nav')
  const account = useAccount()
  const path = usePathname()
  const row = useRef<HTMLElement>(null)
  // On a phone the row is longer than the screen: where one is must be in it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is another place in the row
  useEffect(() => {
    row.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [path])
  return (
    <nav
      ref={row}
      aria-label={t('label')}
      className="fade-x relative flex flex-none gap-1 border-line max-md:border-b max-md:px-2 max-md:py-1.5 md:w-52 md:flex-col md:gap-4 md:overflow-y-auto md:border-e md:bg-canvas md:px-2 md:py-5"
    >
      {(Object.keys(groups) as (keyof typeof groups)[]).map((group) => (
        <div key={group} className="flex gap-1 md:flex-col md:gap-0.5">
          <h2 className="mb-0.5 px-2 text-xs font-medium text-ink-3 max-md:sr-only">{t(group)}</h2>
          {groups[group].map(({ id, icon: Icon }) => {
            const href = `/${account}/settings/${id}`
            const here = path === href || path.startsWith(`${href}/`)
            return (
              <Link
                key={id}
                href={href}
                aria-current={here ? 'page' : undefined}
                className={cn(
                  'flex h-8 items-center gap-2 rounded-md px-2 whitespace-nowrap',
                  here ? 'bg-selected font-medium text-accent-ink' : 'text-ink-2 hover:bg-hover hover:text-ink',
                )}
              >
                <Icon aria-hidden className="size-4 flex-none max-md:hidden" />
                <span className="truncate">{t(id)}</span>
              </Link>
            )
          })}
        </div>
      ))}
    </nav>
  )
}
