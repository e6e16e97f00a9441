/** The account's tile and the menu that leads to a person's other accounts. */
'use client'

import ArrowLeftRight from 'lucide-react/icons/arrow-left-right'
import { useTranslations } from 'next-intl'
import { useAccount } from '@/app/_ui/account'
import { Avatar } from '@/app/_ui/avatar'
import { Menu, type MenuEntry } from '@/app/_ui/menu'
import { useNarrow } from '@/app/_ui/use-media'
import { useMe } from './session'

export function AccountMenu() {
  const t = useTranslations('desk.account')
  const role = useTranslations('common.role')
  const slug = useAccount()
  const { data } = useMe()
  const narrow = useNarrow()
  const mine = data?.accounts.find((one) => one.slug === slug)
  const name = mine?.name ?? slug
  const others: MenuEntry[] = (data?.accounts ?? []).map((one) => ({
    label: one.name,
    icon: <Avatar name={one.name} shape="square" />,
    checked: one.slug === slug,
    onSelect: () => {
      // A whole new page: nothing of one account may stay in another's memory.
      if (one.slug !== slug) window.location.assign(`/${one.slug}/inbox`)
    },
  }))
  return (
    <Menu
      label={t('switch')}
      side={narrow ? 'top' : 'right'}
      trigger={
        <button
          type="button"
          aria-label={t('menu', { name })}
          data-tip={name}
          data-tip-side="right"
          className="grid size-11 place-items-center rounded-lg hover:bg-hover"
        >
          <Avatar name={name} size="large" shape="square" />
        </button>
      }
      items={[
        { heading: mine ? `${name} · ${role(mine.role)}` : name },
        ...others,
        'line',
        { label: t('all'), icon: <ArrowLeftRight aria-hidden />, href: '/accounts' },
      ]}
    />
  )
}
