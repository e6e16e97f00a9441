/** A table that scrolls inside its own frame, with sticky head and sortable columns. */
'use client'

import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn'

export function Table({ label, className, children, ...rest }: ComponentProps<'table'> & { label: string }) {
  return (
    // A scrolling region must be reachable by keyboard, so it has a name and takes the focus.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section aria-label={label} tabIndex={0} className={cn('relative min-h-0 overflow-auto', className)}>
      <table className="table" {...rest}>
        {children}
      </table>
    </section>
  )
}

/** A column head; with `onSort` it is a button that says its direction. */
export function Th({
  sort,
  onSort,
  number,
  className,
  children,
}: {
  sort?: 'ascending' | 'descending' | null
  onSort?: () => void
  number?: boolean
  className?: string
  children?: ReactNode
}) {
  return (
    <th scope="col" aria-sort={onSort ? (sort ?? 'none') : undefined} className={cn(number && 'number', className)}>
      {onSort ? (
        <button
          type="button"
          onClick={onSort}
          className="-mx-1 inline-flex h-6 items-center gap-1 rounded-sm px-1 hover:text-ink"
        >
          {children}
          {sort === 'ascending' ? <ArrowUp aria-hidden className="size-3.5" /> : null}
          {sort === 'descending' ? <ArrowDown aria-hidden className="size-3.5" /> : null}
        </button>
      ) : (
        children
      )}
    </th>
  )
}
