/** The person's own tile; its menu arrives when the pointer or the focus first comes near. */
'use client'

import { useTranslations } from 'next-intl'
import { lazy, Suspense } from 'react'
import { Avatar } from '@/app/_ui/avatar'
import { lazyTrigger, useOpened } from '@/app/_ui/lazy-trigger'
import { whenNeeded } from '@/app/_ui/when-needed'
import { useMe } from './session'

const load = whenNeeded(() => import('./user-menu-popup'))
const UserMenuPopup = lazy(load)
const preload = () => void load()

export function UserMenu() {
  const t = useTranslations('desk.user')
  const { data } = useMe()
  const opened = useOpened()
  const name = data?.user.name || data?.user.email || '·'
  const label = t('menu', { name })
  const trigger = (
    <button
      type="button"
      aria-label={label}
      data-tip={name}
      data-tip-side="right"
      className="grid size-11 place-items-center rounded-lg hover:bg-hover"
    >
      <Avatar name={name} size="large" />
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
