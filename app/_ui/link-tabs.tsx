/** Tabs that are addresses: for sections of a page that people link to and go back to. */
'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'

export function LinkTabs({ label, tabs }: { label: string; tabs: readonly { href: string; label: ReactNode }[] }) {
  const path = usePathname()
  return (
    <nav aria-label={label} className="flex gap-4 overflow-x-auto border-b border-line">
      {tabs.map((tab) => (
        <Link key={tab.href} href={tab.href} className="tab" aria-current={path === tab.href ? 'page' : undefined}>
          {tab.label}
        </Link>
      ))}
    </nav>
  )
}
