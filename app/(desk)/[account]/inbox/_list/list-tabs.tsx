/** Which list: the three that are looked at all day as tabs, the others behind one button. Each is an address. */
'use client'

import ChevronDown from 'lucide-react/icons/chevron-down'
import { useFormatter, useTranslations } from 'next-intl'
import type { MouseEvent } from 'react'
import { Menu } from '@/app/_ui/menu'
import type { Counts } from '@/lib/features/conversations/read'
import { formatView, mainTabs, moreTabs, type Tab, type View } from '../_data/view'

const isMore = (tab: Tab): boolean => (moreTabs as readonly Tab[]).includes(tab)

export function ListTabs({
  view,
  counts,
  changeView,
}: {
  view: View
  counts: Counts | undefined
  changeView: (next: Partial<View>) => void
}) {
  const t = useTranslations('inbox.tab')
  const format = useFormatter()
  const count = (tab: Tab) => {
    const many = counts?.[tab]
    // Small numbers look the same in every language, and a format for large ones takes as long to make as ten rows to draw.
    return !many || many < 1_000 ? many || '' : format.number(many, { notation: 'compact' })
  }
  const go = (tab: Tab) => (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return
    event.preventDefault()
    changeView({ tab, filters: { ...view.filters, status: undefined } })
  }
  return (
    <nav
      aria-label={t('label')}
      className="flex h-12 flex-none items-stretch gap-4 border-b border-line px-3 [&>.tab]:h-auto [&>.tab]:min-w-0 [&>.tab]:border-y-2 [&>.tab]:border-t-transparent"
    >
      {mainTabs.map((tab) => (
        <a
          key={tab}
          href={formatView({ tab, q: '', filters: {} }) || '?'}
          className="tab"
          aria-current={view.tab === tab ? 'page' : undefined}
          onClick={go(tab)}
        >
          <span className="truncate">{t(tab)}</span>
          <span className="numbers text-xs font-normal text-ink-3">{count(tab)}</span>
        </a>
      ))}
      <Menu
        label={t('more')}
        align="end"
        trigger={
          <button
            type="button"
            className="tab ms-auto flex-none"
            aria-label={t('more')}
            data-active={isMore(view.tab) ? '' : undefined}
          >
            {isMore(view.tab) ? (
              <>
                {t(view.tab)}
                <span className="numbers text-xs font-normal text-ink-3">{count(view.tab)}</span>
              </>
            ) : null}
            <ChevronDown aria-hidden className="size-4 text-ink-3" />
          </button>
        }
        items={moreTabs.map((tab) => ({
          label: (
            <span className="flex justify-between gap-6">
              {t(tab)}
              <span className="numbers text-ink-3">{count(tab)}</span>
            </span>
          ),
          checked: view.tab === tab,
          onSelect: () => changeView({ tab, filters: { ...view.filters, status: undefined } }),
        }))}
      />
    </nav>
  )
}
