/** A row of a list as a link: height by the person's density, marked when it is the open one. */
import Link from 'next/link'
import type { ComponentProps } from 'react'
import { cn } from './cn'

export function ListRow({ current, className, ...rest }: ComponentProps<typeof Link> & { current?: boolean }) {
  return <Link aria-current={current ? 'true' : undefined} className={cn('row', className)} {...rest} />
}
