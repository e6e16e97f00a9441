/** Tabs that are addresses: for sections of a page that people link to and go back to. */
'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { type ReactNode, useEffect, useRef } from 'react'

export function LinkTabs({
  label,
  tabs,
}: {
  label: string
  /** `within`: the addresses of pages that belong to it begin so. */
  tabs: readonly { href: string; label: ReactNode; within?: string }[]
}) {
  const path = usePathname()
  const row = useRef<HTMLElement>(null)
  // On a phone the row is longer than the page: where one is must be seen.
  useEffect(() => {
    if (path) row.current?.querySelector('[aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [path])
  return (
    <nav ref={row} aria-label={label} className="flex gap-4 overflow-x-auto border-b border-line">
      {tabs.map((tab) => (
        <Link
          key={tab.href}
          href={tab.href}
          className="tab"
          aria-current={
            path === tab.href ? 'page' : tab.within && path.startsWith(`${tab.within}/`) ? 'true' : undefined
          }
        >
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
