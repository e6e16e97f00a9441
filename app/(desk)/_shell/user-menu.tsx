/** The person's own tile; its menu arrives when the pointer or the focus first comes near. */
'use client'

import { useTranslations } from 'next-intl'
import { lazy, Suspense } from 'react'
import { Avatar } from '@/app/_ui/avatar'
import { lazyTrigger, useOpened } from '@/app/_ui/lazy-trigger'
import { whenNeeded } from '@/app/_ui/when-needed'
import { useMe, useMembership } from './session'

const load = whenNeeded(() => import('./user-menu-popup'))
const UserMenuPopup = lazy(load)
const preload = () => void load()

export function UserMenu() {
  const t = useTranslations('desk.user')
  const { data } = useMe()
  const opened = useOpened()
  const name = data?.user.name || data?.user.email || '·'
  const away = useMembership()?.availability === 'away'
  const label = away ? t('awayNow', { name }) : t('menu', { name })
  const trigger = (
    <button
      type="button"
      aria-label={label}
      data-tip={away ? label : name}
      data-tip-side="right"
      className="grid size-11 place-items-center rounded-lg hover:bg-hover"
    >
      <span className="relative">
        <Avatar name={name} size="large" />
        {away ? (
          <span className="absolute -end-0.5 -bottom-0.5 size-2.5 rounded-full bg-ink-3 ring-2 ring-canvas" />
        ) : null}
      </span>
    </button>
  )
  return (
    <>
      {lazyTrigger(trigger, opened, 'menu', preload)}
      {opened.wanted ? (
        <Suspense>
          <UserMenuPopup opened={opened} label={label} />
        </Suspense>
      ) : null}
    </>
  )
}
